import { describe, expect, test } from 'vitest'
import { keysOf } from '../src/kernel/vocabulary.js'
import { ARITHMETIC, checkedIn, linesOf, lineText, wrongIn } from '../src/day/arithmetic.js'
import { type DayFigures, figuresOf } from '../src/day/content.js'
import { correctionsOf } from '../src/day/corrections.js'
import { askedOf, idOf, numberIn, spanOf } from '../src/day/cutOff.js'
import { PLACE_FIGURES, UNIT_FIGURES } from '../src/day/figures.js'
import type { DayRead, Witnesses } from '../src/day/reading.js'
import type { StepName } from '../src/dispatch/steps.js'
import { mergePatch } from '../src/kernel/mergePatch.js'
import { comings } from '../src/day/comings.js'
import { at, eventfulDay, SPAN, stay } from './support/dayRows.js'

/** Only what is not nought. */
const some = (figures: Readonly<Record<string, number | string>>) => Object.fromEntries(Object.entries(figures).filter(([, figure]) => figure !== 0))

describe('a day', () => {
  const { read, witnesses } = eventfulDay()
  const figures = figuresOf(read)

  test('is counted for each reporting unit, whoever lies where', () => {
    expect(some(figures.units['south']?.figures ?? {})).toEqual({
      confirmedBefore: 2, confirmedAdmitted: 1, confirmedBecame: 1, confirmedDischarged: 1, confirmedNow: 3,
      suspectedBefore: 2, suspectedCeased: 1, suspectedDied: 1,
      confirmedCritical: 1, confirmedSevere: 1, confirmedOrdinary: 1, confirmedCentralised: 2, newlyConfirmed: 3, requestsWaiting: 1,
      isolatedBefore: 3, isolatedReleased: 1, isolatedOtherwise: 1, isolatedNow: 1,
      ordersBefore: 2, ordersIssued: 1, ordersCancelled: 1, ordersExpired: 1, ordersNow: 1,
    })
    expect(some(figures.units['north']?.figures ?? {})).toEqual({
      confirmedBefore: 2, confirmedAdmitted: 3, confirmedDischarged: 1, confirmedLeft: 1, confirmedCeased: 1, confirmedNow: 2,
      suspectedBecame: 1, suspectedNow: 1, asymptomaticBefore: 1, asymptomaticLeft: 1,
      confirmedOrdinary: 1, confirmedMild: 1, confirmedCentralised: 1, newlyConfirmed: 1, requestsWaiting: 1,
      isolatedBefore: 1, isolatedBegan: 1, isolatedPositive: 1, isolatedNow: 1,
      ordersBefore: 1, ordersIssued: 1, ordersDispatched: 1, ordersArrived: 1, ordersRelieved: 1,
    })
    expect(figures.city).toMatchObject({ confirmedNow: 5, confirmedAdmitted: 4, newlyConfirmed: 4, isolatedNow: 2, plansApproved: 1 })
  })

  test('has the beds of each place, and says of what it knows nothing', () => {
    expect(figures.places['hub']).toMatchObject({ kind: 'centralisedTreatmentHospital', unit: 'north', state: 'missing', notReported: ['hub/ordinary', 'hub/severe'] })
    expect(some(figures.places['hub']?.figures ?? {})).toEqual({
      casesLying: 3, poolsThere: 2, poolsNotReported: 2, bedsStaffed: 21, bedsStaffedUnknown: 1, bedsOccupied: 3, bedsHeld: 3, bedsFree: 15, bedsFreeUnknown: 1,
    })
    expect(some(figures.places['dist']?.figures ?? {})).toEqual({
      casesLying: 3, contactsLying: 2, poolsThere: 2, poolsNotReported: 1, bedsStaffed: 12, bedsOccupied: 6, bedsFree: 6,
    })
    expect(figures.city).toMatchObject({ bedsStaffed: 33, bedsStaffedUnknown: 1, bedsFree: 21, bedsFreeUnknown: 1, casesLying: 6, contactsLying: 2, poolsNotReported: 3 })
  })

  const counted: [StepName, Record<string, number>][] = [
    ['issue', { ordersIssued: 1 }], ['dispatch', { ordersDispatched: 1 }], ['arrive', { ordersArrived: 1 }], ['cancel', { ordersCancelled: 1 }],
    ['unwilling', { ordersCancelled: 1 }], ['expire', { ordersExpired: 1 }], ['uphold', { ordersRelieved: 1 }], ['die', { ordersDied: 1 }], ['turnBack', { ordersCancelled: 1 }],
    ['accept', {}], ['askRelief', {}], ['overrule', {}], ['divert', {}], ['decontaminate', {}],
  ]
  test.each(counted)('counts the step “%s” of an order as %j', (step, counts) => {
    const { units } = figuresOf({ ...read, steps: [{ order: 'o-9', patient: 'south-3', step }], ordersBefore: [], ordersNow: [] })
    const own = Object.entries(some(units['south']?.figures ?? {})).filter(([name]) => name.startsWith('orders'))
    expect(Object.fromEntries(own)).toEqual(counts)
  })

  test('of which nothing is known shows no nought', () => {
    const unknown = mergePatch(read, { picture: { pools: { 'hub/severe': { staffed: 'unknown', occupied: 'unknown', held: 'unknown' } } } }) as DayRead
    const { places } = figuresOf({ ...unknown, span: read.span, stays: read.stays, isolations: read.isolations, people: read.people, unitsOfContacts: read.unitsOfContacts, changes: read.changes })
    expect(places['hub']?.figures).toMatchObject({ bedsStaffed: 'unknown', bedsStaffedUnknown: 2, bedsHeld: 0, bedsHeldUnknown: 1, bedsFree: 'unknown', bedsFreeUnknown: 2 })
  })

  test('adds up by every rule', () => {
    const lines = linesOf(read, figures, witnesses)
    expect(wrongIn(lines).map(lineText)).toEqual([])
    expect(checkedIn(lines)).toEqual([
      // Two units by three diagnoses, isolation and orders; 24 terms of people, the newly confirmed and four of isolation.
      { rule: 'balance', lines: 10 }, { rule: 'journal', lines: 2 * (24 + 1 + 4) }, { rule: 'severities', lines: 2 }, { rule: 'units', lines: keysOf(UNIT_FIGURES).length },
      { rule: 'places', lines: keysOf(PLACE_FIGURES).length + 2 }, { rule: 'ledger', lines: 3 }, { rule: 'beds', lines: 4 }, { rule: 'brought', lines: 0 },
    ])
  })
})

/** What is spoilt of a day: what was read, what it is held against, or a figure after it was counted. */
interface Spoilt {
  readonly read?: Partial<DayRead>
  readonly witnesses?: Partial<Witnesses>
  readonly figures?: object
}
type Day = ReturnType<typeof eventfulDay>
const without = (action: string, person: string) => ({ witnesses: { told } }: Day): Spoilt =>
  ({ witnesses: { told: told.filter((line) => line.action !== action || line.person !== person) } })
const pictured = (patch: object) => ({ read: { picture } }: Day): Spoilt => ({ read: { picture: mergePatch(picture, patch) as DayRead['picture'] } })

const SPOILT: readonly (readonly [string, (day: Day) => Spoilt, readonly string[]])[] = [
  ['a stay that nobody wrote into the journal', ({ read: { stays } }) => ({ read: { stays: [...stays, stay('south-1 hub/ordinary 14:00 – 15:00 left')] } }), [
    'south: confirmed cases admitted should be 1, and 2 is there', 'south: confirmed cases left for elsewhere should be 0, and 1 is there',
  ]],
  ['an admission that the journal lost', without('admitted', 'south-4'), [
    'south: confirmed cases admitted should be 0, and 1 is there', 'south: confirmed cases in care should be 2, and 3 is there',
  ]],
  ['a death that the journal lost', without('died', 'south-5'), [
    'south: suspected cases died should be 0, and 1 is there', 'south: suspected cases in care should be 1, and 0 is there',
  ]],
  ['a diagnosis that the journal lost', ({ witnesses: { told } }) => ({ witnesses: { told: told.filter(({ kind, person }) => kind !== 'cases' || person !== 'south-2') } }), [
    'south: suspected cases came to be otherwise while in care should be 0, and 1 is there', 'south: suspected cases in care should be 1, and 0 is there',
    'south: confirmed cases came to be so while in care should be 0, and 1 is there', 'south: confirmed cases in care should be 2, and 3 is there',
    'south: newly confirmed should be 2, and 3 is there',
  ]],
  ['somebody whom the picture does not show', pictured({ cases: { 'north-1': null } }), [
    'north: confirmed cases in care should be 2, and 1 is there', 'north: confirmed cases in care should be 2, and 1 is there',
  ]],
  ['a contact who was released behind the journal', without('isolation.released', 'south-M2'), ['south: released from isolation should be 0, and 1 is there']],
  ['a bed that the ledger moved for nobody', ({ witnesses: { moved } }) => ({ witnesses: { moved: new Map([...moved, ['hub/severe', 3]]) } }), [
    'hub/severe: the change of named people should be 2, and 3 is there',
  ]],
  ['more named than beds in use', pictured({ pools: { 'dist/severe': { occupied: 2 } } }), ['dist/severe: occupied beds should be at least 3, and 2 is there']],
  ['an order that ended twice', ({ read: { steps } }) => ({ read: { steps: [...steps, { order: 'o-5', patient: 'south-5', step: 'cancel' }] } }), [
    'south: orders that stand should be 0, and 1 is there',
  ]],
  ['a case of a unit that there is not', ({ read: { people } }) => ({ read: { people: new Map([...people, ['north-5', { unit: 'elsewhere', atFirst: 'confirmed' }]]) } }), [
    'city: confirmed cases admitted should be 3, and 4 is there', 'north: confirmed cases in care should be 1, and 2 is there', 'north: confirmed cases in care should be 1, and 2 is there',
  ]],
  ['somebody who lies at a place that there is not', pictured({ cases: { 'north-5': { place: 'nowhere' } } }), ['city: named cases that lie there should be 5, and 6 is there']],
  ['a severity too many', () => ({ figures: { units: { north: { figures: { confirmedMild: 2 } } } } }), [
    'north: confirmed cases in care should be 3, and 2 is there', 'city: confirmed in care: mild should be 2, and 1 is there',
  ]],
  ['fewer brought in than the import says', () => ({ witnesses: { brought: [{ said: 3, stays: 2 }] } }), ['city: cases brought in should be 3, and 2 is there']],
]

function wrongOf(spoil: (day: Day) => Spoilt) {
  const day = eventfulDay()
  const { read = {}, witnesses = {}, figures = {} } = spoil(day)
  const spoilt = { ...day.read, ...read }
  return wrongIn(linesOf(spoilt, mergePatch(figuresOf(spoilt), figures) as DayFigures, { ...day.witnesses, ...witnesses }))
}

describe('a day that does not add up', () => {
  test.each(SPOILT)('%s', (_, spoil, wanted) => expect(wrongOf(spoil).map((line) => lineText(line).en).sort()).toEqual([...wanted].sort()))

  test('there is a way to break every rule', () => {
    const broken = SPOILT.flatMap(([, spoil]) => wrongOf(spoil).map(({ rule }) => rule))
    expect(keysOf(ARITHMETIC).filter((rule) => !broken.includes(rule))).toEqual([])
  })
})

describe('whoever comes and is moved at one moment', () => {
  const rows: [string, string[], number][] = [
    ['came, once', ['south-1 dist/severe 09:00 – 09:00 moved', 'south-1 hub/severe 09:00'], 1],
    ['came, once, however often they are moved', ['south-1 dist/severe 09:00 – 09:00 moved', 'south-1 hub/severe 09:00 – 09:00 moved', 'south-1 hub/ordinary 09:00'], 1],
    ['had come before', ['south-1 dist/severe before – 09:00 moved', 'south-1 hub/severe 09:00 – 09:00 moved', 'south-1 hub/ordinary 09:00'], 0],
    ['left, and came again', ['south-1 dist/severe before – 09:00 left', 'south-1 hub/severe 09:00'], 1],
    ['are two', ['south-1 dist/severe before – 09:00 moved', 'south-1 hub/severe 09:00', 'south-2 hub/severe 09:00'], 1],
    ['at the cut-off itself is of the day, at its beginning of the one before', ['south-1 dist/severe 00:00', 'south-2 dist/severe 23:59'], 1],
  ]
  test.each(rows)('%s', (_, lines, count) => expect(comings(lines.map(stay), SPAN)).toHaveLength(count))
})

describe('corrections', () => {
  const frozen = figuresOf(eventfulDay().read)
  const now = (patch: object) => correctionsOf(frozen, mergePatch(frozen, patch) as DayFigures)
  const rows: [string, object, ReturnType<typeof correctionsOf>][] = [
    ['none', {}, []],
    ['of the city, a unit and a place, in this order', {
      places: { dist: { figures: { bedsFree: 4 } } }, units: { south: { figures: { suspectedDied: 3, confirmedNow: 2 } } }, city: { plansApproved: 3 },
    }, [
      { of: 'city', subject: 'city', figure: 'plansApproved', frozen: 1, now: 3, difference: 2 },
      { of: 'unit', subject: 'south', figure: 'suspectedDied', frozen: 1, now: 3, difference: 2 },
      { of: 'unit', subject: 'south', figure: 'confirmedNow', frozen: 3, now: 2, difference: -1 },
      { of: 'place', subject: 'dist', figure: 'bedsFree', frozen: 6, now: 4, difference: -2 },
    ]],
    ['from unknown and to unknown have no difference', { places: { hub: { figures: { bedsStaffed: 'unknown' } } } }, [
      { of: 'place', subject: 'hub', figure: 'bedsStaffed', frozen: 21, now: 'unknown', difference: null },
    ]],
    ['of a unit that was put down since: what it has', { units: { west: { figures: { confirmedNow: 7, confirmedDied: 0 } } } }, [
      { of: 'unit', subject: 'west', figure: 'confirmedNow', frozen: null, now: 7, difference: null },
    ]],
    ['of a place that is there no more: what it had', { places: { dist: null } }, expect.arrayContaining([
      { of: 'place', subject: 'dist', figure: 'bedsFree', frozen: 6, now: null, difference: null },
    ]) as ReturnType<typeof correctionsOf>],
  ]
  test.each(rows)('%s', (_, patch, wanted) => expect(now(patch)).toEqual(wanted))
})

describe('a cut-off', () => {
  test('is of its day, from the beginning on', () => {
    expect(spanOf({ day: '2020-01-29', cutOff: 'noon' })).toEqual({ from: at('00:00'), to: at('12:00') })
    expect(spanOf({ day: '2020-01-29', cutOff: 'midnight' })).toEqual({ from: at('00:00'), to: at('00:00', 30) })
    expect([idOf({ day: '2020-01-29', cutOff: 'noon' }), numberIn('2020', 7, false), numberIn('2020', 12345, false)]).toEqual(['2020-01-29-noon', '2020-0007', '2020-12345'])
  })

  const rows: [string, Parameters<typeof askedOf>[0], Date, string][] = [
    ['the last at noon', {}, at('12:00'), '2020-01-29-noon'], ['the last before noon', {}, at('11:59'), '2020-01-28-midnight'],
    ['the last midnight', { cutOff: 'midnight' }, at('13:00'), '2020-01-28-midnight'], ['the last noon, in the morning', { cutOff: 'noon' }, at('09:00'), '2020-01-28-noon'],
    ['of a day that is over', { day: '2020-01-20' }, at('09:00'), '2020-01-20-midnight'], ['of today', { day: '2020-01-29' }, at('13:00'), '2020-01-29-noon'],
    ['of a day that has not come', { day: '2020-02-03' }, at('09:00'), '2020-02-03-noon'], ['as it is asked for', { day: '2020-01-29', cutOff: 'midnight' }, at('09:00'), '2020-01-29-midnight'],
  ]
  test.each(rows)('%s', (_, asked, now, id) => expect(idOf(askedOf(asked, now))).toBe(id))
})
