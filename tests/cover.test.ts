import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Identify } from '../src/access/identify.js'
import type { Database } from '../src/db/database.js'
import { integrityFindings } from '../src/db/integrity.js'
import { scenarioZip } from '../src/interop/scenarioOut.js'
import type { HeldGrant } from '../src/kernel/roles.js'
import { DAYS_MAX, daysOfSupply } from '../src/planning/material/cover.js'
import { NEVER } from '../src/planning/material/supply.js'
import { receive, reverse, takeOut, takeStock } from '../src/supplies/noteCommands.js'
import { receiptSchema } from '../src/supplies/notes.js'
import { lotsAt } from '../src/supplies/store.js'
import { does } from './stockFixture.js'
import { eachDatabase } from './support/databases.js'
import { ask, byPost, type Said, type Served, serving, StandingClock } from './support/serving.js'
import { supplied } from './support/supplied.js'

type Row = Readonly<Record<string, unknown>>
const rows = ({ json }: Said): Row[] => (json as { items: Row[] }).items
const NOTHING_ODD = { used: null, usedDays: null, usedByNorm: null, missedInCounts: 0, unexplained: 0 }

/** `stores-a` is the supply officer of the place a; any other post may do everything. */
const identify: Identify = async (asked) => {
  const place = /^Post stores-(\w+)$/.exec(asked.authorization ?? '')?.[1]
  if (place === undefined) return byPost(asked)
  const grant: HeldGrant = { role: 'supplyOfficer', isCity: false, units: new Set(), places: new Set([place]), homes: new Set() }
  return { id: `stores-${place}`, grants: [grant] }
}

/**
 * Ten nurses a day at a, who wear a mask and a suit each; five at b, who wear masks, of which they report to have used
 * ninety in six days; one at c, who is short of nothing.
 */
const CITY = supplied({
  items: { mask: {}, suit: {}, cloth: {} },
  kitParts: { 'set/mask': {}, 'set/suit': {} },
  norms: { mask: {}, suit: { role: 'nurse' } },
  receivers: { a: {}, b: {}, c: {} },
  staff: { 'a/1': { peoplePerShift: 5, shiftsPerDay: 2 }, 'b/1': { peoplePerShift: 5, role: 'doctor' }, 'c/1': { role: 'doctor' } },
  lots: {
    'mask→a': { units: 35 }, 'suit→a': { units: 15 }, 'suit→a#locked': { units: 700, quarantined: true }, 'mask→store': { units: 9000 },
    // Of these the last can be used on the second day.
    'mask→b': { units: 100, expiresOn: '2020-01-31' }, 'mask→c': { units: 12 },
  },
  consignments: { 'mask→a': { units: 20, from: 'store', arrivesOn: '2020-02-01' }, 'suit→a': { units: 4, arrivesOn: '2020-01-30' } },
  requests: { 'a/mask': { units: 5000, urgency: 'urgent' } },
  uses: { 'b/mask': { days: 6, units: 90 } },
})

describe('ten a day for three days and on', () => {
  type Lots = [units: number, until: number, from?: number][]
  test.each<[string, Lots, number, number | null]>([
    ['what expires after the plan lasts until then and no longer', [[1000, 3]], 400, null],
    ['what expires first is used first', [[25, 2], [50, 4]], 500, null],
    ['what does not expire goes on after it', [[50, 4], [7, NEVER]], 570, null],
    ['what came too late for its day counts from then on', [[12, 9], [900, NEVER, 2]], 120, 1],
    ['what is gone within the plan says on which day', [[29, 9]], 290, 2],
    ['what is there for ever', [[90_000, NEVER]], DAYS_MAX * 100, null],
  ])('%s', (_, lots, hundredths, runsOut) => {
    const store = lots.map(([units, until, from = 0]) => ({ units, until, from }))
    expect(daysOfSupply(store, [10_000, 10_000, 10_000])).toEqual({ hundredths, runsOut })
  })
})

eachDatabase((_, open) => {
  const clock = new StandingClock(new Date(CITY.asOf))
  let db: Database
  let served: Served
  beforeAll(async () => {
    db = await open()
    served = await serving(db, { clock, identify })
    const zip = { type: 'application/zip', content: scenarioZip(CITY) }
    const said = await ask(served.address, '/api/scenario', { method: 'POST', bytes: zip })
    expect([said.status, said.status === 201 ? '' : said.text]).toEqual([201, ''])
  })
  afterAll(() => served.close())
  const cover = async (query = '', post = 'viewer') => rows(await ask(served.address, `/api/cover${query}`, { headers: { authorization: `Post ${post}` } }))

  const kit = {
    place: 'a', item: 'set', isKit: true, usable: 15, onTheWay: 4, perDay: 10, days: 1.9, runsOutOn: '2020-01-31', band: 1, tier: 2, scarcest: 'suit', ...NOTHING_ODD, daysWithUnexplained: 1.9,
  }
  const suits = { ...kit, item: 'suit', isKit: false, scarcest: null }
  const masks = {
    place: 'a', item: 'mask', isKit: false, usable: 35, onTheWay: 20, perDay: 10, days: 5.5, runsOutOn: '2020-02-04', band: 2, tier: 2, scarcest: null, ...NOTHING_ODD, daysWithUnexplained: 5.5,
  }
  // The cap lets ninety in six days, three times the norm, raise the need to 6.5 a day and no further.
  const atB = {
    place: 'b', item: 'mask', isKit: false, usable: 100, onTheWay: 0, perDay: 6.5, days: 2, runsOutOn: '2020-02-01', band: 1, tier: 2, scarcest: null,
    used: 90, usedDays: 6, usedByNorm: 30, missedInCounts: 0, unexplained: 60, daysWithUnexplained: 11.23,
  }
  const atC = { ...masks, place: 'c', usable: 12, onTheWay: 0, perDay: 1, days: 12, runsOutOn: '2020-02-11', band: null, tier: null, daysWithUnexplained: 12 }

  test('says how long each place lasts with each item and kit, the least covered first', async () => {
    expect(await cover()).toEqual([kit, suits, atB, masks, atC])
  })

  test('by place and by item, over pages, and of one place for whoever looks after one', async () => {
    expect(await cover('?place=a')).toEqual([kit, suits, masks])
    expect(await cover('?item=mask')).toEqual([atB, masks, atC])
    expect(await cover('?item=set&place=b')).toEqual([])
    expect(await cover('', 'stores-b')).toEqual([atB])
    expect(await cover('?place=a', 'stores-b')).toEqual([])
    const { items, next } = (await ask(served.address, '/api/cover?limit=3')).json as { items: Row[]; next: string }
    expect(items).toEqual([kit, suits, atB])
    expect(await cover(`?limit=3&cursor=${next}`)).toEqual([masks, atC])
  })

  test('what a count does not find is unexplained, and shown with the cover that it would make', async () => {
    const count = async (at: string, units: number) => {
      const [lot = ''] = await db.inSnapshot((tx) => lotsAt(tx, at, 'mask'))
      clock.forward(1000)
      return does(db, clock, `stores-${at}`, (act) => takeStock(act, { place: at, item: 'mask', note: null, counted: { [lot]: units } }))
    }
    await count('a', 30)
    const fewer = { ...masks, usable: 30, days: 5, runsOutOn: '2020-02-04', missedInCounts: 5, unexplained: 5, daysWithUnexplained: 5.5 }
    expect(await cover('?item=mask&place=a')).toEqual([fewer])
    // Found again, and two more than there ever were: nothing is added to what lies there.
    await count('a', 37)
    expect(await cover('?item=mask&place=a')).toEqual([{ ...masks, usable: 37, days: 5.7, missedInCounts: -2, unexplained: -2, daysWithUnexplained: 5.7 }])
    const { note } = await count('a', 35)
    const later = await count('store', 8990)
    expect(await cover('?item=mask&place=a')).toEqual([masks])
    // What a warehouse misses is not a receiver's.
    expect((await cover('?item=mask')).map(({ place }) => place)).toEqual(['b', 'a', 'c'])
    // A count that is reversed has found nothing.
    clock.forward(1000)
    await does(db, clock, 'stores-a', (act) => reverse(act, note.id, { note: 'miscounted' }))
    expect(await cover('?item=mask&place=a')).toMatchObject([{ usable: 37, missedInCounts: -2 }])
    expect(later.lines).toEqual([expect.objectContaining({ from: 'at store', to: 'unexplained', units: 10 })])
    expect(await db.inSnapshot((tx) => integrityFindings(tx))).toEqual([])
  })

  test('what notes say was used up is held against the norm as well, and what has no norm is listed last', async () => {
    const use = (item: string, count: number) => does(db, clock, 'stores-c', (act) =>
      takeOut(act, { place: 'c', kind: 'consumption', party: null, note: null, lines: [{ item, lot: null, packing: null, count }] }))
    clock.forward(1000)
    await use('mask', 1)
    expect(await cover('?place=c')).toEqual([{ ...atC, usable: 11, perDay: 1, days: 11, runsOutOn: '2020-02-10', daysWithUnexplained: 11 }])
    clock.forward(24 * 3600_000)
    await use('mask', 3)
    clock.forward(24 * 3600_000)
    await use('mask', 2)
    // Six in three days, three by the norm: the cap lets the need be 1.3, and six are left.
    expect(await cover('?place=c')).toEqual([{
      ...atC, usable: 6, perDay: 1.3, days: 4.61, runsOutOn: '2020-02-05', band: 2, tier: 2, used: 6, usedDays: 3, usedByNorm: 3, unexplained: 3, daysWithUnexplained: 6.92,
    }])
    const receipt = receiptSchema.parse({ place: 'c', party: 'a donor', authority: 'city', released: true, lines: [{ item: 'cloth', expiresOn: null, count: 50 }] })
    await does(db, clock, 'stores-c', (act) => receive(act, receipt))
    await use('cloth', 8)
    for (const count of [1, 2]) {
      clock.forward(24 * 3600_000)
      await use('cloth', count)
    }
    expect((await cover()).at(-1)).toEqual({
      ...atC, item: 'cloth', usable: 39, perDay: 0, days: null, runsOutOn: null, used: 11, usedDays: 3, usedByNorm: 0, unexplained: 11, daysWithUnexplained: null,
    })
  })

  test('is told on a day without an edition of the policy too', async () => {
    clock.forward(70 * 24 * 3600_000)
    expect(await cover('?place=c&item=mask')).toMatchObject([{ usable: 6, perDay: 1, days: 6, runsOutOn: '2020-04-19', band: 2, tier: 2 }])
    expect(await cover('?place=b')).toMatchObject([{ usable: 0, days: 0, band: 0, tier: 2 }])
    expect(served.bugs).toEqual([])
  })
})
