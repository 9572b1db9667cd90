import { startAct } from '../../src/app/startAct.js'
import type { Database } from '../../src/db/database.js'
import { insertRecords, type RecordKind } from '../../src/db/records.js'
import { PLACES, UNITS } from '../../src/facilities/store.js'
import type { Clock } from '../../src/kernel/clock.js'
import { ITEM_CODES, ITEMS, PACKINGS } from '../../src/supplies/store.js'

const SAID = { source: 'made up for a test', assumed: [] as string[], asOf: null }
const named = (id: string) => ({ name: { zh: `名${id}`, en: `the ${id}` } })

/** Where stock is kept in tests: a warehouse, and hospitals in two units. */
export const STOCK_PLACES = { store: 'south', hubA: 'south', hubB: 'north' } as const
export const GTIN = '06932876543012'

/** Items, packings and places, put into an empty store. */
export async function stockRoom(db: Database, clock: Clock): Promise<void> {
  await db.inTransaction(async (tx) => {
    const act = startAct(tx, clock)
    const put = <Body>(kind: RecordKind<Body>, rows: Readonly<Record<string, Body>>) =>
      insertRecords(tx, kind, Object.entries(rows).map(([id, body]) => ({ id, body, effectiveAt: act.at })), act)
    await put(UNITS, Object.fromEntries([...new Set(Object.values(STOCK_PLACES))].map((id) => [id, { ...named(id), gbt2260: null, aliases: [], longitude: null, latitude: null, ...SAID }])))
    await put(PLACES, Object.fromEntries(Object.entries(STOCK_PLACES).map(([id, unit]) => [id, {
      ...named(id), kind: id === 'store' ? 'warehouse' as const : 'centralisedTreatmentHospital' as const, unit, underCommand: true, longitude: null, latitude: null,
      arrivalsPerHour: 'notTracked' as const, ventilatorsFree: 'notTracked' as const, ...SAID,
    }])))
    await put(ITEMS, Object.fromEntries(['mask', 'suit', 'goggles'].map((id) => [id, {
      ...named(id), unit: id === 'suit' ? 'suit' as const : 'piece' as const, grade: 'GB 19083-2010', zones: ['red' as const, 'buffer' as const], shipsBy: id === 'suit' ? 'carton' : null, cubicCentimetres: 'notTracked' as const, ...SAID,
    }])))
    await put(PACKINGS, {
      'mask/box': { item: 'mask', packing: 'box', units: 20, ...SAID }, 'mask/carton': { item: 'mask', packing: 'carton', units: 480, ...SAID },
      'suit/carton': { item: 'suit', packing: 'carton', units: 25, ...SAID },
    })
    await put(ITEM_CODES, { 'gtin-box': { item: 'mask', system: 'gtin', code: GTIN, packing: 'box', ...SAID } })
    await act.journal({ action: 'put', kind: 'items', subject: 'all', details: {} })
  })
}
