import { type Act, actOf } from '../src/db/act.js'
import type { Database } from '../src/db/database.js'
import { putRecord, type RecordKind } from '../src/db/records.js'
import { PLACES, UNITS } from '../src/facilities/store.js'
import type { Clock } from '../src/kernel/clock.js'
import type { Item } from '../src/supplies/items.js'
import { ITEMS, PACKINGS } from '../src/supplies/store.js'

export const SOURCE = { source: 'made up for a test', assumed: [], asOf: null }

/** What a post does by the clock, in a transaction of its own. */
export const does = <T>(db: Database, clock: Clock, by: string, what: (act: Act) => Promise<T>): Promise<T> =>
  db.inTransaction((tx) => what(actOf({ tx, at: clock.now(), newId: clock.newId }, by)))

/** Puts records down as they are, each with its line of the journal. */
export const putter = (db: Database, clock: Clock) => <B>(kind: RecordKind<B>, rows: Readonly<Record<string, B>>): Promise<void> =>
  does(db, clock, 'founder', async (act) => {
    for (const [id, body] of Object.entries(rows)) {
      await putRecord(act.tx, kind, { id, body, effectiveAt: act.at, before: null }, act)
      await act.journal({ action: 'put', kind: kind.kind, subject: id, details: {} })
    }
  })

const named = (id: string) => ({ name: { zh: `名${id}`, en: `the ${id}` } })
export const item = (id: string, more: Partial<Item> = {}): Item => ({
  ...named(id), unit: 'piece', grade: 'GB 19083-2010', zones: ['red', 'buffer', 'clean'], shipsBy: null, cubicCentimetres: 'notTracked', ...SOURCE, ...more,
})

/** A unit with the hospitals a and b and a warehouse, masks in boxes of twenty, and cloth ones. */
export async function furnish(db: Database, clock: Clock): Promise<void> {
  const put = putter(db, clock)
  await put(UNITS, { south: { ...named('south'), gbt2260: null, aliases: [], longitude: null, latitude: null, ...SOURCE } })
  const place = (id: string, kind: 'centralisedTreatmentHospital' | 'warehouse') => ({
    [id]: { ...named(id), kind, unit: 'south', underCommand: true, longitude: null, latitude: null, arrivalsPerHour: 'notTracked' as const, ventilatorsFree: 'notTracked' as const, ...SOURCE },
  })
  await put(PLACES, { ...place('a', 'centralisedTreatmentHospital'), ...place('b', 'centralisedTreatmentHospital'), ...place('store', 'warehouse') })
  await put(ITEMS, { mask: item('mask'), cloth: item('cloth') })
  await put(PACKINGS, { 'mask/box': { item: 'mask', packing: 'box', units: 20, ...SOURCE } })
}
