import type { Tx } from '../db/database.js'
import { allRecords, type Past } from '../db/records.js'
import { type Text, text } from '../kernel/text.js'
import { CARE_LEVELS } from './beds.js'
import { PLACES, POOLS } from './store.js'

/** What people call places, and pools by the name of their place and their level, by id; what nobody has is in neither. */
export interface Names {
  readonly places: ReadonlyMap<string, Text>
  readonly pools: ReadonlyMap<string, Text>
}

/** The names of some places and pools, as they were then (null: are now). */
export async function namesAt(tx: Tx, of: { readonly places: readonly string[]; readonly pools: readonly string[] }, past: Past | null): Promise<Names> {
  const pools = Object.entries(await allRecords(tx, POOLS, past, of.pools))
  const places = await allRecords(tx, PLACES, past, [...of.places, ...pools.map(([, { place }]) => place)])
  return {
    places: new Map(Object.entries(places).map(([id, { name }]) => [id, name])),
    pools: new Map(pools.flatMap(([id, { place, careLevel }]): [string, Text][] => {
      const name = places[place]?.name
      const level = CARE_LEVELS[careLevel]
      return name === undefined ? [] : [[id, text(`${name.zh} ${level.zh}`, `${name.en}, ${level.en}`)]]
    })),
  }
}
