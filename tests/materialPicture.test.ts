import { describe, expect, test } from 'vitest'
import { checkIntegrity } from '../src/db/integrity.js'
import { exportEverything, importEverything } from '../src/db/portable.js'
import type { Database } from '../src/db/database.js'
import { scenarioZip } from '../src/interop/scenarioOut.js'
import { readScenarioZip } from '../src/interop/scenarioZip.js'
import { momentOf } from '../src/kernel/time.js'
import { type Scenario, scenarioBytes } from '../src/planning/scenario.js'
import { validateScenario } from '../src/planning/scenarioFaults.js'
import { type Consumed, measuredUses } from '../src/supplies/measured.js'
import { type MaterialKnown, materialTables } from '../src/supplies/picture.js'
import { lawful } from './campaigns/given.js'
import { DATABASES, eachDatabase, freshDatabase } from './support/databases.js'
import { ask, serving, StandingClock } from './support/serving.js'
import { NO_MATERIAL } from './support/noMaterial.js'
import { supplied } from './support/supplied.js'

const HOUR = 3600_000
const DAY = 24 * HOUR
const START = '2020-01-30T08:00:00+08:00'

const SCENARIO = supplied({
  asOf: START, items: { mask: {}, suit: { unit: 'suit' } }, receivers: { a: {}, b: {} },
  lots: { 'mask→store': { units: 500, lot: 'S-1' }, 'mask→a': { units: 90 }, 'suit→b': { units: 'unknown' } },
  supplies: { 'mask→store': { day: '2020-01-30', units: 40 }, 'suit→store': { day: '2020-02-01', units: 7 } },
  consignments: { 'suit→b': { units: 12, arrivesOn: '2020-01-31' } },
  uses: { 'b/mask': { days: 2, units: 11 } },
  requests: { 'a/suit': { units: 5 } },
})

/** A service on a store that was filled from a scenario, at its moment. */
async function city(db: Database, scenario: Scenario = SCENARIO) {
  const clock = new StandingClock(momentOf(scenario.asOf))
  const { address, close, bugs } = await serving(db, { clock })
  const say = async (path: string, body?: object) => ask(address, `/api${path}`, body === undefined ? {} : { method: 'POST', body })
  const done = async <T>(path: string, body?: object): Promise<T> => {
    const { status, json, text } = await say(path, body)
    expect([path, status < 300 ? '' : text]).toEqual([path, ''])
    return json as T
  }
  expect((await ask(address, '/api/scenario', { method: 'POST', bytes: { type: 'application/zip', content: scenarioZip(scenario) }, headers: { authorization: 'Post importer' } })).status).toBe(201)
  const picture = (asOf?: string): Promise<Scenario> => done(`/scenario${asOf === undefined ? '' : `?asOf=${encodeURIComponent(asOf)}`}`)
  const out = (place: string, count: number, of: object = {}) =>
    done<{ id: string }>('/stock-notes/outs', { place, kind: 'consumption', lines: [{ item: 'mask', count }], ...of })
  const ended = async () => {
    expect(await done('/integrity')).toEqual({ findings: [] })
    expect(bugs).toEqual([])
    await close()
  }
  const zipped = async () => new Uint8Array(await (await fetch(`${address}/api/scenario.zip`)).arrayBuffer())
  return { clock, say, done, picture, out, ended, zipped }
}
const unitsIn = (lots: Scenario['lots']) => Object.fromEntries(Object.entries(lots).map(([id, { units }]) => [id, units]))

eachDatabase((_, open) => {
  test('lots are what lies there and is not promised, by the lot where it came in and by lot and place elsewhere', async () => {
    const { clock, done, picture, ended } = await city(await open())
    expect(unitsIn((await picture()).lots)).toEqual({ 'mask→store': 500, 'mask→a': 90, 'suit→b': 'unknown' })
    clock.forward(HOUR)
    const order = await done<{ id: string; lines: { seq: number; lot: string }[] }>('/allocation-orders', { kind: 'allocation', from: 'store', to: 'b', reason: 'none left', lines: [{ item: 'mask', count: 120 }] })
    expect(order.lines.map(({ lot }) => lot)).toEqual(['mask→store'])
    const issued = await picture()
    expect([unitsIn(issued.lots), Object.keys(issued.consignments)]).toEqual([{ 'mask→store': 380, 'mask→a': 90, 'suit→b': 'unknown' }, [order.id, 'suit→b']])
    clock.forward(HOUR)
    const at = `/allocation-orders/${order.id}`
    await done(`${at}/ship`, {})
    expect(unitsIn((await picture()).lots)['mask→store']).toBe(380)
    clock.forward(HOUR)
    await done(`${at}/receive`, { lines: [{ seq: 1, accepted: 120 }] })
    const came = await picture()
    expect([unitsIn(came.lots), Object.keys(came.consignments)]).toEqual([{ 'mask→store': 380, 'mask→store→b': 120, 'mask→a': 90, 'suit→b': 'unknown' }, ['suit→b']])
    expect(came.lots['mask→store→b']).toEqual({ ...SCENARIO.lots['mask→store'], place: 'b', units: 120 })
    // As it was at each moment.
    const then = async (hours: number) => unitsIn((await picture(new Date(momentOf(START).getTime() + hours * HOUR).toISOString())).lots)
    expect([await then(0), await then(1), await then(2), await then(3)].map((lots) => [lots['mask→store'], lots['mask→store→b']])).toEqual([[500, undefined], [380, undefined], [380, undefined], [380, 120]])
    await ended()
  })

  test('what was on the road when the store began is received like any other', async () => {
    const { clock, done, picture, ended } = await city(await open())
    clock.forward(DAY)
    const [lot] = (await done<{ lines: { lot: string }[] }>(`/allocation-orders/${encodeURIComponent('suit→b')}`)).lines.map((line) => line.lot)
    await done(`/allocation-orders/${encodeURIComponent('suit→b')}/receive`, { lines: [{ seq: 1, accepted: 12 }] })
    const { lots, consignments } = await picture()
    // Its number is that of a lot which nobody has counted; it is another lot.
    expect([lots[lot ?? '']?.units, lots['suit→b']?.units, consignments]).toEqual([12, 'unknown', {}])
    expect((await picture(START)).consignments).toEqual(SCENARIO.consignments)
    await ended()
  })

  test('what nobody has counted is unknown until the first count, then and looking back', async () => {
    const { clock, done, picture, say, ended } = await city(await open())
    expect((await say('/stock-notes/outs', { place: 'b', kind: 'consumption', lines: [{ item: 'suit', lot: 'suit→b', count: 1 }] })).status).toBe(409)
    clock.forward(HOUR)
    await done('/stock-notes/stocktakes', { place: 'b', item: 'suit', counted: { 'suit→b': 31 } })
    expect((await picture()).lots['suit→b']?.units).toBe(31)
    expect((await picture(START)).lots['suit→b']?.units).toBe('unknown')
    // What comes of the same lot goes with it only once it is counted.
    clock.forward(HOUR)
    await done('/stock-notes/stocktakes', { place: 'b', item: 'suit', counted: { 'suit→b': 0 } })
    expect(Object.keys((await picture()).lots)).not.toContain('suit→b')
    await ended()
  })

  test('use is what notes of consumption say, where nobody has reported it, as long as they stand', async () => {
    const begun = '2020-01-27T08:00:00+08:00'
    const { clock, done, picture, out, ended } = await city(await open(), lawful({ ...SCENARIO, asOf: begun }))
    const first = await out('a', 8)
    await out('a', 5, { kind: 'damage', note: 'torn' })
    clock.forward(DAY)
    const second = await out('a', 4)
    expect(Object.keys((await picture()).uses)).toEqual(['b/mask'])
    clock.forward(DAY)
    const third = await out('a', 6)
    expect((await picture()).uses['a/mask']).toMatchObject({ days: 3, units: 18 })
    clock.forward(DAY + HOUR)
    const last = await out('a', 5)
    await done('/stock-notes/receipts', { place: 'b', party: 'x', authority: 'city', released: true, lines: [{ item: 'mask', lot: 'B', expiresOn: null, count: 50 }] })
    await out('b', 30)
    const { uses } = await picture()
    expect(uses['b/mask']).toEqual(SCENARIO.uses['b/mask'])
    const named = (...notes: { id: string }[]) => `notes of consumption ${notes.map(({ id }) => id).sort().join(', ')}`
    expect(uses['a/mask']).toEqual({ place: 'a', item: 'mask', days: 4, units: 23, source: named(first, second, third, last), assumed: [], asOf: null })
    clock.forward(HOUR)
    await done(`/stock-notes/${last.id}/reverse`, { note: 'another ward' })
    expect((await picture()).uses['a/mask']).toMatchObject({ days: 3, units: 18, source: named(first, second, third) })
    // What was reversed since never happened, then or now.
    expect((await picture('2020-01-30T09:00:00+08:00')).uses['a/mask']).toMatchObject({ days: 3, units: 18 })
    expect(Object.keys((await picture(begun)).uses)).toEqual(['b/mask'])
    clock.forward(4 * DAY - 2 * HOUR - 1)
    expect((await picture()).uses['a/mask']).toMatchObject({ days: 3, units: 18 })
    clock.forward(1)
    expect(Object.keys((await picture()).uses)).toEqual(['b/mask'])
    await ended()
  })

  test('what was expected on a day that is past is expected no more', async () => {
    const { clock, picture, ended } = await city(await open())
    expect(Object.keys((await picture()).supplies)).toEqual(['mask→store', 'suit→store'])
    clock.forward(DAY)
    expect(Object.keys((await picture()).supplies)).toEqual(['suit→store'])
    await ended()
  })

  test('a folder of what has expired and what is late is taken in by another store', async () => {
    const lots = { ...SCENARIO.lots, old: { ...SCENARIO.lots['mask→a'], expiresOn: '2020-01-30' } }
    const { clock, picture, ended, zipped } = await city(await open(), lawful({ ...SCENARIO, lots }))
    clock.forward(3 * DAY)
    const now = await picture()
    const old = { ...lots.old, quarantined: true, assumed: ['quarantined'] }
    expect([now.lots['old'], now.consignments['suit→b']]).toEqual([old, { ...SCENARIO.consignments['suit→b'], arrivesOn: '2020-02-02' }])
    const read = await readScenarioZip(await zipped())
    expect(read).toEqual({ ok: true, scenario: now })
    const other = await city(await open(), read.ok ? read.scenario : SCENARIO)
    expect((await other.picture()).lots['old']).toEqual(old)
    await other.ended()
    await ended()
  })

  test('stock at a place that neither gives out nor receives stops no plan, and what is for nobody is not taken in', async () => {
    const { done, say, picture, ended } = await city(await open())
    const before = await picture()
    const elsewhere = Object.keys(before.places).find((place) => !['a', 'b', 'store'].includes(place)) ?? ''
    const receipt = { place: elsewhere, party: 'x', authority: 'city', released: true, lines: [{ item: 'mask', lot: 'E', expiresOn: null, count: 5 }] }
    await done('/stock-notes/receipts', receipt)
    expect(await picture()).toEqual(before)
    const refused = async (change: object) => {
      const { status, json } = await say('/stock-notes/receipts', { ...receipt, ...change })
      const { code, errors } = json as { code: string; errors: { pointer: string; detail: string }[] }
      return [status, code, ...errors.map(({ pointer, detail }) => `${pointer} ${detail}`)]
    }
    expect(await refused({ earmark: 'nowhere' })).toEqual([422, 'unknownReference', '/earmark there is no place or reporting unit nowhere'])
    expect(await refused({ authority: 'earmarkedDonation' })).toEqual([422, 'wrongReference', '/earmark an earmarked donation must name the place or reporting unit that it is for'])
    await ended()
  })

  test('a store without material has the picture that it had, to the byte', async () => {
    const scenario = { ...SCENARIO, ...NO_MATERIAL, story: 'A small city.' }
    const { picture, ended } = await city(await open(), scenario)
    const read = validateScenario({ ...await picture(), planDay: scenario.planDay })
    expect(read.ok && read.scenario).toEqual(scenario)
    expect(read.ok && scenarioBytes(read.scenario)).toBe(scenarioBytes(scenario))
    expect(scenarioBytes(scenario)).not.toContain('"lots"')
    await ended()
  })
})

describe.each(DATABASES.flatMap((from) => DATABASES.map((to) => [from, to] as const)))('a whole store, from %s to %s', (from, to) => {
  test('notes, reversals, counts and orders of material come through, to the byte and sound', async () => {
    const [here, there] = [await freshDatabase(from), await freshDatabase(to)]
    const { clock, done, out, ended, picture } = await city(here.database)
    const note = await out('a', 8)
    clock.forward(HOUR)
    await done(`/stock-notes/${note.id}/reverse`, { note: 'counted twice' })
    await done('/stock-notes/stocktakes', { place: 'b', item: 'suit', counted: { 'suit→b': 31 } })
    await done('/allocation-orders', { kind: 'loan', from: 'store', to: 'b', reason: 'none left', lines: [{ item: 'mask', count: 120 }] })
    await done(`/allocation-orders/${encodeURIComponent('suit→b')}/receive`, { lines: [{ seq: 1, accepted: 10, damaged: 2, difference: 'wet' }] })
    const whole = await picture()
    await ended()
    const linesOf = async (db: Database) => {
      const lines: string[] = []
      await exportEverything(db, async (line) => void lines.push(line))
      return lines
    }
    const lines = await linesOf(here.database)
    await importEverything(there.database, (async function* each() { yield* lines })())
    expect(await linesOf(there.database)).toEqual(lines)
    expect(await checkIntegrity(there.database)).toEqual([])
    const served = await serving(there.database, { clock })
    expect((await ask(served.address, '/api/scenario')).json).toEqual(whole)
    await served.close()
    for (const { end } of [here, there]) await end()
  })
})

describe('measured use', () => {
  const on = (...days: number[]) => days.map((day) => `2020-01-${day}`)
  const used = (patch: Partial<Consumed>): Consumed => ({ place: 'a', item: 'mask', units: 1, notes: ['n'], days: on(28, 29, 30), ...patch })

  const rows: [string, readonly number[], number | undefined][] = [
    ['of a day says nothing', [30], undefined],
    ['of two days says nothing, however far apart', [24, 30], undefined],
    ['of three days', [28, 29, 30], 3],
    ['with days between on which nothing was noted', [25, 28, 30], 6],
    ['that ended days ago: what came after is not known', [21, 22, 23, 24], 4],
    ['is of seven days at most', [23, 26, 30], 7],
  ]
  test.each(rows)('%s', (_, noted, days) => expect(measuredUses({}, [used({ days: on(...noted) })])['a/mask']?.days).toBe(days))

  test('adds up lots, names each note once and as many as there is room for', () => {
    const notes = Array.from({ length: 40 }, (_, i) => `note-${String(i).padStart(32, '0')}`)
    const row = measuredUses({}, [used({ notes, units: 3 }), used({ notes: notes.slice(0, 2), units: 4, days: on(26, 25) })])['a/mask']
    expect(row).toMatchObject({ units: 7, days: 6, source: `notes of consumption ${notes.slice(0, 9).join(', ')}, and 31 more` })
    expect(row?.source.length).toBeLessThanOrEqual(400)
  })

  test('leaves alone what was reported, under whatever id, and what no id has room for', () => {
    const stated = { place: 'a', item: 'mask', days: 1, units: 1, source: 's', assumed: [], asOf: null }
    expect(measuredUses({ other: stated }, [used({})])).toEqual({})
    expect(measuredUses({ 'a/mask': { ...stated, place: 'b' } }, [used({})])).toEqual({})
    expect(measuredUses({}, [used({ place: 'x'.repeat(76) })])).toEqual({})
    expect(Object.keys(measuredUses({}, [used({ place: 'x'.repeat(75) })]))).toEqual([`${'x'.repeat(75)}/mask`])
  })
})

describe('rows of lots', () => {
  const body = { item: 'mask', place: 'store', lot: null, expiresOn: null, quarantined: false, authority: 'city' as const, released: true, earmark: null, source: 's', assumed: [], asOf: null }
  const known = (stock: MaterialKnown['stock'], lots: [string, typeof body][], places: readonly string[]): MaterialKnown => ({
    ...NO_MATERIAL, receivers: Object.fromEntries(places.map((place) => [place, { place, suppliedBy: null, opensOn: null, source: 's', assumed: [], asOf: null }])), stock, lots: new Map(lots),
  })
  const lies = (lot: string, place: string) => ({ lot, account: `at ${place}`, balance: 10, held: 0, counted: true })

  test('have an id of their own, however long and however alike', () => {
    const long = 'p'.repeat(80)
    const { lots } = materialTables(known(
      [lies('L', 'a'), lies('L', long), lies('L→a', 'store'), lies('q'.repeat(80), 'a'), lies('gone', 'a')],
      [['L', body], ['L→a', body], ['q'.repeat(80), body]], ['store', 'a', long],
    ), [])
    expect(Object.entries(lots).map(([id, { place }]) => [id.length <= 80, place]).sort()).toEqual([[true, 'a'], [true, 'a'], [true, long], [true, 'store']])
    expect(lots['L→a']?.place).toBe('store')
  })

  test('have no more than is not promised, by the stock itself or by whoever promises', () => {
    const at = (held: number, promised: number) =>
      materialTables(known([{ ...lies('L', 'store'), held }], [['L', body]], ['store']), [{ lot: 'L', place: 'store', units: promised }]).lots['L']?.units
    expect([at(0, 0), at(4, 0), at(0, 4), at(4, 4), at(0, 11)]).toEqual([10, 6, 6, 6, 0])
  })
})
