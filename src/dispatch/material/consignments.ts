import type { Tx } from '../../db/database.js'
import { allRecords, type Past } from '../../db/records.js'
import { PLACES } from '../../facilities/store.js'
import { dayOf } from '../../kernel/time.js'
import type { Issued } from '../../planning/snapshot.js'
import { lotsOf } from '../../supplies/picture.js'
import type { Consignment, LotRecord, PromisedStock, Supply } from '../../supplies/stock.js'
import { whyNotGiven } from './lots.js'
import { type LineUnderWay, linesUnderWay } from './store.js'
import { broughtConsignments } from './consignmentStore.js'

/**
 * Lines of allocation orders that are issued or on the road, as planning knows them: what was ordered, or what was shipped,
 * each for a place that receives and for one that gives out, since planning knows which it is. One that is late is expected
 * on the day of the moment; a lot in quarantine comes as nothing, and covers no receiver when it may not be used there or
 * will not leave. An order of one line is a row of its own name; one that a scenario brought stays as it was written there,
 * until something happens to it.
 */
export async function underWayAt(tx: Tx, past: Past | null, now: Date): Promise<Pick<Issued, 'consignments' | 'comings' | 'promisedStock'>> {
  const lines = await linesUnderWay(tx, past)
  const lots = await lotsOf(tx, lines, past)
  const today = dayOf(past?.asOf ?? now)
  const coming = lines.flatMap((line): Coming[] => {
    const lot = lots.get(line.lot)
    return lot === undefined || lot.quarantined ? [] : [{ line, lot, day: line.arrivesOn < today ? today : line.arrivesOn }]
  })
  const places = await allRecords(tx, PLACES, past, [...new Set(lines.map(({ to }) => to))])
  const useful = coming.filter(({ line, lot, day }) => line.state === 'shipped' ? lot.released
    : whyNotGiven(lot, { to: line.to, unit: places[line.to]?.unit ?? '', arrivesOn: day }) === null)
  const consignments = Object.fromEntries(useful.map((one) => [rowOf(one.line), consignmentOf(one)]))
  const brought = Object.entries(await broughtConsignments(tx, past)).filter(([id]) => Object.hasOwn(consignments, id))
  return {
    consignments: { ...consignments, ...Object.fromEntries(brought) },
    comings: Object.fromEntries(coming.map((one) => [rowOf(one.line), supplyOf(one)])),
    promisedStock: promisedIn(lines),
  }
}

interface Coming {
  readonly line: LineUnderWay
  readonly lot: LotRecord
  readonly day: string
}

const rowOf = ({ order, seq, of }: LineUnderWay): string => (of === 1 ? order : `${order}/${seq}`)
/** The order that a row is of. */
export const orderOfRow = (row: string): string => row.replace(/\/\d+$/, '')
const sourceOf = ({ order }: LineUnderWay) => ({ source: `allocation order ${order}`, assumed: [], asOf: null })

const consignmentOf = ({ line, lot: { expiresOn }, day }: Coming): Consignment =>
  ({ item: line.item, from: line.from, to: line.to, units: line.units, arrivesOn: day, expiresOn, ...sourceOf(line) })

const supplyOf = ({ line, lot: { expiresOn, authority, released, earmark }, day }: Coming): Supply =>
  ({ item: line.item, place: line.to, day, units: line.units, expiresOn, authority, released, earmark, ...sourceOf(line) })

/** Base units of lots that orders have been promised where they lie, by lot and place. */
function promisedIn(lines: readonly LineUnderWay[]): PromisedStock[] {
  const promised = new Map<string, PromisedStock>()
  for (const { state, lot, from, units } of lines) {
    if (state !== 'issued' || from === null) continue
    const key = `${lot} ${from}`
    promised.set(key, { lot, place: from, units: (promised.get(key)?.units ?? 0) + units })
  }
  return [...promised.values()]
}
