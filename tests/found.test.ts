import { describe, expect, test } from 'vitest'
import { callList } from '../src/planning/callList.js'
import { asFound } from '../src/planning/found.js'
import { startPreparing } from '../src/planning/preparing.js'
import { World } from '../src/planning/world.js'
import { CENTRALISED, type CityPatch, city, people } from './support/city.js'

const world = (patch: CityPatch) => new World(city(patch))
const ORDER = { patient: 'south-1', pool: 'hub/ordinary', state: 'dispatched' } as const

describe('what was broken before the plan', () => {
  const rows: [string, CityPatch, string[]][] = [
    ['nothing, where the one bed left waits for the one on the road', {
      pools: { 'hub/ordinary': { staffed: 4, occupied: 3 } }, cases: people(1), orders: { 'O-1': ORDER },
    }, []],
    ['a second one on the road to one bed', {
      pools: { 'hub/ordinary': { staffed: 4, occupied: 3 } }, cases: people(2),
      orders: { 'O-1': ORDER, 'O-2': { ...ORDER, patient: 'south-2' } },
    }, ['2 people already on the road to ordinary beds of the hub: 1 usable']],
    ['one on the road to a full ward, and the ward over its limit', {
      pools: { 'hub/ordinary': { staffed: 4, occupied: 6 } }, cases: people(1), orders: { 'O-1': ORDER },
    }, [
      'ordinary beds of the hub are 2 over what is usable',
      '1 person already on the road to ordinary beds of the hub: 0 usable',
    ]],
    ['one on the road to a ward that did not report', {
      pools: { 'hub/ordinary': { occupied: 'unknown' } }, cases: people(1), orders: { 'O-1': ORDER },
    }, ['1 person already on the road to ordinary beds of the hub: no report of its beds']],
    ['one in beds that are not for that severity, and what would be', {
      pools: { 'dist/severe': { careLevel: 'severe' } }, cases: { 'south-1': { severity: 'critical', pool: 'dist/severe' } },
    }, ['south-1 (critical confirmed case) lies in severe beds of the dist, whose level does not serve that severity: that takes intensive beds']],
    ['nothing, where the order to a full ward has not left: that is a clash', {
      pools: { 'hub/ordinary': { staffed: 0 } }, cases: people(1),
      orders: { 'O-1': { ...ORDER, state: 'issued' } },
    }, []],
  ]
  test.each(rows)('%s', (_, patch, found) => {
    expect(asFound(world(patch)).map(({ text }) => text.en)).toEqual(found)
  })
})

describe('who has to be called', () => {
  const hub = (row: NonNullable<CityPatch['places']>[string]): CityPatch =>
    ({ places: { hub: { ...CENTRALISED, ...row } }, pools: { 'hub/ordinary': {} }, cases: people(1) })
  const ventilated = { 'south-1': { needs: ['ventilator' as const] } }
  const rows: [string, CityPatch, string[]][] = [
    ['nobody, where limits are stated or not tracked', hub({ arrivalsPerHour: 3, ventilatorsFree: 'notTracked' }), []],
    ['a hospital that did not say how many arrive', hub({ arrivalsPerHour: 'unknown' }), [
      'call the hub: did not report arrivals per hour; planned as nought']],
    ['not for ventilators that nobody needs', hub({ ventilatorsFree: 'unknown' }), []],
    ['for ventilators that somebody needs, and for arrivals', {
      ...hub({ ventilatorsFree: 'unknown', arrivalsPerHour: 'unknown' }), cases: ventilated,
    }, ['call the hub: did not report arrivals per hour, free ventilators; planned as nought']],
    ['not a hospital to which nobody is sent', {
      places: { dist: { arrivalsPerHour: 'unknown' } }, pools: { 'dist/ordinary': {} }, cases: people(1),
    }, []],
    ['unless a suspected case may be', {
      places: { dist: { arrivalsPerHour: 'unknown' } }, pools: { 'dist/ordinary': {} },
      cases: people(1, { status: 'suspected' }),
    }, ['call the dist: did not report arrivals per hour; planned as nought']],
    ['not a hospital that is not under the command', hub({ arrivalsPerHour: 'unknown', underCommand: false }), []],
    ['a reserve that does not say how long its blocks take, once, without the block that is open', {
      places: { spare: { kind: 'reserveHospital' } }, cases: people(1),
      blocks: {
        'spare/A': { opened: true, leadDays: 'unknown' }, 'spare/B': { sequence: 2, leadDays: 'unknown' },
        'spare/C': { sequence: 3, leadDays: 'unknown' }, 'spare/D': { sequence: 4, leadDays: 'notTracked' },
      },
    }, ['call the spare: block spare/B, spare/C did not state the lead days']],
  ]
  test.each(rows)('%s', (_, patch, found) => {
    const calls = callList(world(patch))
    expect(calls.map(({ text }) => text.en)).toEqual(found)
    expect(calls.every(({ rule }) => rule === 'unknown')).toBe(true)
  })
})

describe('whether to start preparing reserves', () => {
  /** 40 staffed beds with 17 people, three who wait, ten new cases a day; the warning line is 32. */
  const day = (change: CityPatch = {}): CityPatch => ({
    places: { spare: { kind: 'reserveHospital' } }, cases: people(3), policy: { intakeDays: 2, warningLinePerMille: 800 },
    blocks: { 'spare/A': { leadDays: 2 } }, intake: { '2020-01-28': 7, '2020-01-29': 13 },
    ...change, pools: { 'hub/ordinary': { staffed: 40, occupied: 17 }, ...change.pools },
  })
  const said = (patch: CityPatch) => startPreparing(world(patch))?.en ?? null
  const LINE = 'past the warning line of 800 per mille'

  test('17 + 3 + 10 × 2 is past the line', () => {
    expect(said(day())).toBe(`in 2 days 40 beds will be needed of 40 staffed, ${LINE}: start preparing reserve blocks now`)
  })
  test('17 + 3 + 10 × 1 is not', () => {
    expect(said(day({ blocks: { 'spare/A': { leadDays: 1 } } }))).toBeNull()
  })
  test('a ward that did not say who lies there is neither empty nor full: it is left out, and that is said', () => {
    const more = day({ pools: { 'hub/severe': { physical: 95, staffed: 90, occupied: 'unknown' }, 'hub/intensive': { staffed: 'unknown', occupied: 5 } } })
    expect(said(more)).toBe(
      `in 2 days 40 beds will be needed of 40 staffed, ${LINE} (2 pools of beds that did not report left out): ` +
        'start preparing reserve blocks now')
  })
  test('where no block states its lead days the day of the line is told instead', () => {
    expect(said(day({ blocks: { 'spare/A': { leadDays: 'unknown' } } }))).toBe(
      'no reserve block states its lead days, so nobody knows when to start preparing; ' +
        'at the present rate the warning line of 800 per mille is passed in 2 days')
  })
  test('and with no new cases it is never passed', () => {
    const calm = day({ blocks: { 'spare/A': { leadDays: 'unknown' } }, intake: { '2020-01-28': 0, '2020-01-29': 0 } })
    expect(said(calm)).toMatch(/not passed within 60 days$/)
  })
  test('of two blocks the one that states its days decides', () => {
    const two = day({ blocks: { 'spare/A': { leadDays: 'unknown' }, 'spare/B': { sequence: 2, leadDays: 2 } } })
    expect(said(two)).toMatch(/^in 2 days 40 beds/)
  })
  test('nothing is said where every block is open, or new cases are not known', () => {
    expect(said(day({ blocks: { 'spare/A': { leadDays: 'unknown', opened: true } } }))).toBeNull()
    expect(said(day({ intake: { '2020-01-28': 7, '2020-01-29': 'unknown' } }))).toBeNull()
  })
})

