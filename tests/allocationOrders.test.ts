import { describe, expect, test } from 'vitest'
import { checkAuthority } from '../src/access/authority.js'
import { POLICY } from '../src/access/policy.js'
import { receivedOf, shippedOf } from '../src/dispatch/material/lines.js'
import { overdueAllocation } from '../src/dispatch/material/rings.js'
import { whyNotGiven } from '../src/dispatch/material/lots.js'
import { plannedAndActual } from '../src/dispatch/material/allocationOut.js'
import { ALLOCATION_KINDS, ALLOCATION_STATES, ALLOCATION_STEPS, type AllocationKind, type AllocationState, type AllocationStep } from '../src/dispatch/material/allocations.js'
import { allocationAfter, allocationStepsOpen } from '../src/dispatch/material/steps.js'
import type { Allocation, AllocationLine } from '../src/dispatch/material/store.js'
import { checkOtherPost } from '../src/access/phone.js'
import { Refused } from '../src/kernel/refusal.js'
import { type HeldGrant, type Principal, type Role, ROLES } from '../src/kernel/roles.js'
import { keysOf } from '../src/kernel/vocabulary.js'
import type { LotRecord } from '../src/supplies/stock.js'
import { smallMaterial } from './materialPlanFixture.js'

const KEEPERS = (side: string) => `supplyOfficer@${side} suppliesGroup@${side}`
const CITY = 'suppliesGroup@city commander@city'

/** What the practice says, written down a second time: from and to, then who on which side; `free`: of what a place gives of its own accord. */
const EXPECTED: Readonly<Record<AllocationStep, readonly [leads: string, by: string, free?: string]>> = {
  issue: ['', ''],
  confirm: ['', ''],
  ship: ['issued>shipped', KEEPERS('sender')],
  receive: ['shipped>received', KEEPERS('receiver')],
  lose: ['shipped>lost', CITY],
  cancel: ['issued>cancelled', CITY, `supplyOfficer@sender ${CITY}`],
}

const NOON = new Date('2020-01-30T12:00:00+08:00')
const standing = (state: AllocationState, kind: AllocationKind = 'plan') => ({ id: 'M-1', state, kind, since: NOON, by: 'keeper', fromPlace: 'store', toPlace: 'hub' })
const grantAt = (role: Role, where: string): HeldGrant =>
  ({ role, isCity: where === 'city', units: new Set(), places: new Set(where === 'city' ? [] : [where]), homes: new Set() })
const holding = (...grants: HeldGrant[]): Principal => ({ id: 'p-1', grants })
const SIDE_OF: Readonly<Record<string, string>> = { store: 'sender', hub: 'receiver' }

function refusalOf(work: () => unknown): { code: string; en: string; zh: string; at: string[] } | null {
  try {
    work()
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    const { code, text: { en, zh }, details = [] } = error.refusal
    return { code, en, zh, at: details.map(({ pointer }) => pointer) }
  }
  return null
}
const saying = (work: () => unknown): unknown => {
  const found = refusalOf(work)
  return found === null ? null : [found.code, found.at.join(' '), found.en]
}

describe('every step from every state, by every role on every side, of every kind', () => {
  test.each(keysOf(ALLOCATION_STEPS))('%s', (name) => {
    const [leads, by, free = by] = EXPECTED[name]
    const lead = new Map(leads.split(' ').map((pair) => pair.split('>') as [string, string]))
    const wrong: string[] = []
    let cells = 0
    for (const kind of keysOf(ALLOCATION_KINDS)) for (const state of keysOf(ALLOCATION_STATES)) for (const role of keysOf(ROLES)) for (const where of ['store', 'hub', 'elsewhere', 'city']) {
      cells += 1
      const side = (['loan', 'giveBack'].includes(kind) ? free : by).split(' ').find((one) => one.startsWith(`${role}@`))?.split('@')[1]
      const may = side !== undefined && (where === 'city' || side === SIDE_OF[where])
      const expected = !may ? 'forbidden' : (lead.get(state) ?? 'stepOutOfOrder')
      let found: string
      try {
        found = allocationAfter(holding(grantAt(role, where)), name, standing(state, kind))
      } catch (error) {
        found = (error as Refused).refusal.code
      }
      if (found !== expected) wrong.push(`${kind} ${state} ${role} at ${where}: ${found}, not ${expected}`)
    }
    expect([wrong, cells]).toEqual([[], 4 * 5 * 11 * 4])
  })

  test('who comes too early or too late is told the state, since when, by whom, and what is possible', () => {
    const group = holding(grantAt('suppliesGroup', 'city'))
    expect(refusalOf(() => allocationAfter(group, 'receive', standing('issued')))).toEqual({
      code: 'stepOutOfOrder', at: [],
      zh: '调拨单 M-1 自 2020-01-30T12:00:00+08:00 起为“已下达”（keeper），不能签收；现在可以：发运、取消',
      en: 'allocation order M-1 is issued since 2020-01-30T12:00:00+08:00, by keeper, so one cannot receive; possible now: ship, cancel',
    })
    expect(refusalOf(() => allocationAfter(group, 'receive', standing('received')))?.en)
      .toBe('allocation order M-1 is received since 2020-01-30T12:00:00+08:00, by keeper, so one cannot receive; no step is left')
    expect(allocationStepsOpen(holding(grantAt('supplyOfficer', 'hub')), standing('shipped'))).toEqual(['receive'])
    expect(allocationStepsOpen(holding(grantAt('supplyOfficer', 'store')), standing('issued', 'loan'))).toEqual(['ship', 'cancel'])
  })

  test('who may not is told who may, and nothing of the state', () => {
    const keeper = holding(grantAt('supplyOfficer', 'store'))
    const expected = (en: string) => ({ code: 'forbidden', en, zh: expect.stringContaining('办理'), at: [] })
    for (const state of keysOf(ALLOCATION_STATES)) {
      expect(refusalOf(() => allocationAfter(keeper, 'receive', standing(state)))).toEqual(expected('this step (receive) is for the supply officer of the receiver, the supplies group of the receiver'))
      expect(refusalOf(() => allocationAfter(keeper, 'cancel', standing(state)))).toEqual(expected('this step (cancel) is for the supplies group of the whole city, the commander of the whole city'))
      expect(refusalOf(() => allocationAfter(holding(grantAt('supplyOfficer', 'hub')), 'cancel', standing(state, 'loan'))))
        .toEqual(expected('this step (cancel) is for the supply officer of the sender, the supplies group of the whole city, the commander of the whole city'))
    }
  })
})

test('the table of who may call what says the same roles', () => {
  const called = keysOf(ALLOCATION_STEPS).filter((name) => !['issue', 'confirm'].includes(name))
  const roles = (name: AllocationStep) => keysOf(ROLES).filter((role) => EXPECTED[name].slice(1).join(' ').split(' ').some((one) => one.startsWith(`${role}@`)))
  expect(called.map((name) => {
    const { roles: may, ofCity } = POLICY[`${name}AllocationOrder`] as { roles: readonly Role[]; ofCity: boolean }
    return [name, [...may].sort(), ofCity]
  })).toEqual(called.map((name) => [name, [...roles(name)].sort(), false]))
})

describe('material is decided', () => {
  const rows: [roles: Role[], where: string, byPhone: boolean, may: boolean][] = [
    [['suppliesGroup'], 'city', false, true], [['commander'], 'city', false, true], [['treatmentGroup'], 'city', false, false], [['supplyOfficer'], 'city', false, false],
    [['supplyOfficer'], 'city', true, true], [['suppliesGroup'], 'hub', false, false], [['supplyOfficer'], 'hub', true, false], [['transferDesk'], 'city', true, false],
  ]
  test.each(rows)('by %j of %s, by phone %s: %s', (roles, where, byPhone, may) =>
    expect(refusalOf(() => checkAuthority(holding(...roles.map((role) => grantAt(role, where))), ['material'], { byPhone }))?.code ?? null).toBe(may ? null : 'forbidden'))

  test('by phone by another post than the one that called, or puts it down without the authority', () => {
    const call = (role: Role, calledPost: string, answeredPost: string) =>
      refusalOf(() => checkOtherPost({ who: holding(grantAt(role, 'city')), by: 'p-1' }, { calledPost, answeredPost, at: '2020-01-30T00:00:00+08:00' }, 'material'))?.code ?? null
    expect([call('supplyOfficer', 'p-1', 'group'), call('supplyOfficer', 'group', 'group'), call('supplyOfficer', 'x', 'p-1'), call('suppliesGroup', 'x', 'p-1'), call('treatmentGroup', 'x', 'p-1')])
      .toEqual([null, 'invalidInput', 'invalidInput', null, 'invalidInput'])
  })
})

const line = (seq: number, figures: Partial<AllocationLine> = {}): AllocationLine => ({
  order: 'M-1', seq, item: 'mask', lot: `L${seq}`, ordered: 100, shipped: null, accepted: null, damaged: null, missing: null, difference: null, missingDifference: null, substituteFor: null, ...figures,
})

describe('what goes, and what comes', () => {
  const two = [line(1), line(2, { ordered: 40 })]
  test('all that was ordered goes unless something is told', () => {
    expect([...shippedOf('M-1', two, [])]).toEqual([[1, 100], [2, 40]])
    expect([...shippedOf('M-1', two, [{ seq: 2, units: 0 }])]).toEqual([[1, 100], [2, 0]])
  })
  const noShipping: [string, Parameters<typeof shippedOf>[2], unknown][] = [
    ['more than was ordered', [{ seq: 2, units: 41 }], ['doesNotAddUp', '/lines/0/units', 'line 2 was ordered as 40, so 41 cannot be shipped; issue another order for what is beyond']],
    ['nothing', [{ seq: 1, units: 0 }, { seq: 2, units: 0 }], ['doesNotAddUp', '/lines', 'nothing at all is shipped; cancel the order where nothing goes']],
    ['a line that is not there', [{ seq: 1, units: 1 }, { seq: 3, units: 1 }], ['wrongReference', '/lines/1/seq', 'allocation order M-1 has no line 3']],
    ['a line twice', [{ seq: 1, units: 1 }, { seq: 1, units: 2 }], ['invalidInput', '/lines/1/seq', 'each line is named once']],
  ]
  test.each(noShipping)('not shipped: %s', (_, told, said) => expect(saying(() => shippedOf('M-1', two, told))).toEqual(said))

  const sent = [line(1, { shipped: 90 }), line(2, { ordered: 40, shipped: 0 })]
  test('all that was shipped is accepted unless something is told', () => {
    const all = { accepted: 90, damaged: 0, missing: 0, difference: null, missingDifference: null }
    expect([...receivedOf('M-1', sent, [])]).toEqual([[1, all], [2, { ...all, accepted: 0 }]])
    expect(receivedOf('M-1', sent, [{ seq: 1, accepted: 80, damaged: 7, missing: 3, difference: 'wet', missingDifference: 'short' }]).get(1)).toEqual({ accepted: 80, damaged: 7, missing: 3, difference: 'wet', missingDifference: 'short' })
  })
  const found = (accepted: number, damaged = 0, missing = 0) => ({ seq: 1, accepted, damaged, missing })
  const noReceiving: [string, Parameters<typeof receivedOf>[2], unknown][] = [
    ['more than was shipped', [found(91)], ['doesNotAddUp', '/lines/0', 'line 1: 90 were shipped, so 91 cannot have come; put down what is beyond as a receipt']],
    ['not all of it', [found(80, 5, 4)], ['doesNotAddUp', '/lines/0', 'line 1: 90 were shipped and 89 are accounted for; accepted, damaged and missing together are what was shipped']],
    ['a difference without a reason', [found(80, 10)], ['invalidInput', '/lines/0/difference', 'something was damaged or missing: say why']],
    ['a reason without a difference', [{ ...found(90), difference: 'short' }], ['invalidInput', '/lines/0/difference', 'all of it was accepted, so there is no difference to explain; leave it out']],
    ['damage for a reason of what is missing', [{ ...found(83, 7), difference: 'short' }], ['invalidInput', '/lines/0/difference',
      '“fewer than on the note” is no reason why something came damaged; it is one of: broken (broken packing), wet (wet), tooOld (too close to its expiry)']],
    ['a lack for a reason of damage', [{ ...found(87, 0, 3), difference: 'wet' }], ['invalidInput', '/lines/0/difference',
      '“wet” is no reason why something is missing; it is one of: wrongItem (another item), wrongLot (another lot), short (fewer than on the note)']],
    ['one reason for both', [{ ...found(80, 7, 3), difference: 'wet' }], ['invalidInput', '/lines/0/missingDifference',
      'some came damaged and others are missing: difference says why of those that are damaged, and missingDifference of those that are missing']],
    ['two reasons for one', [{ ...found(83, 7), difference: 'wet', missingDifference: 'short' }], ['invalidInput', '/lines/0/missingDifference', 'not both: the one reason is said by difference; leave this one out']],
    ['a line that is not there', [{ ...found(1), seq: 9 }], ['wrongReference', '/lines/0/seq', 'allocation order M-1 has no line 9']],
  ]
  test.each(noReceiving)('not received: %s', (_, told, said) => expect(saying(() => receivedOf('M-1', sent, told))).toEqual(said))
})

test('a lot goes where it may, while it is good', () => {
  const lot: LotRecord = { item: 'mask', place: 'store', lot: null, expiresOn: '2020-02-01', quarantined: false, authority: 'city', released: true, earmark: null, source: 's', assumed: [], asOf: null }
  const why = (change: Partial<LotRecord>, arrivesOn = '2020-02-01') => whyNotGiven({ ...lot, ...change }, { to: 'hub', unit: 'north', arrivesOn })?.en ?? null
  expect([why({}), why({ earmark: 'hub' }), why({ earmark: 'north' }), why({ expiresOn: null }, '2020-03-01')]).toEqual([null, null, null, null])
  expect(why({ quarantined: true })).toBe('the lot is in quarantine')
  expect(why({ released: false })).toBe('the lot has not been released by whoever may dispose of it')
  expect(why({}, '2020-02-02')).toBe('the lot expires on 2020-02-01, before it arrives on 2020-02-02')
  expect(why({ earmark: 'dist' })).toBe('the lot was given for dist')
})

test('what is not shipped on its day rings, and what is not received a day after it; and a call without paper', () => {
  const order = { state: 'issued' as AllocationState, leavesOn: '2020-01-30', arrivesOn: '2020-01-31', shippedAt: NOON, phone: null, confirmedAt: null, issuedAt: NOON, lockedAwayAt: null }
  const ringing = (change: Partial<Parameters<typeof overdueAllocation>[0]>, now: string) =>
    overdueAllocation({ ...order, ...change }, new Date(now)).map(({ kind, since }) => `${kind} ${since.toISOString()}`)
  expect([ringing({}, '2020-01-30T23:59:59+08:00'), ringing({}, '2020-01-31T00:00:00+08:00')]).toEqual([[], ['allocationNotShipped 2020-01-30T16:00:00.000Z']])
  expect([ringing({ state: 'shipped' }, '2020-02-01T23:59:59+08:00'), ringing({ state: 'shipped' }, '2020-02-02T00:00:00+08:00')]).toEqual([[], ['allocationNotReceived 2020-02-01T16:00:00.000Z']])
  // Two days late, it comes two days later.
  const late = { state: 'shipped' as AllocationState, shippedAt: new Date('2020-02-01T09:00:00+08:00') }
  expect([ringing(late, '2020-02-03T23:59:59+08:00'), ringing(late, '2020-02-04T00:00:00+08:00')]).toEqual([[], ['allocationNotReceived 2020-02-03T16:00:00.000Z']])
  const phone = { calledPost: 'a', answeredPost: 'b', at: '2020-01-30T11:00:00+08:00' }
  expect([ringing({ state: 'received', phone }, '2020-01-30T23:59:59+08:00'), ringing({ state: 'received', phone }, '2020-01-31T00:00:00+08:00'), ringing({ state: 'received', phone, confirmedAt: NOON }, '2020-02-09T00:00:00+08:00')])
    .toEqual([[], ['allocationNotConfirmed 2020-01-30T16:00:00.000Z'], []])
})

test('every line of a plan stands beside what became of it', () => {
  const { shipments } = smallMaterial()
  const [first] = shipments
  const order = { id: '2020-01-30-M0001', state: 'received' } as Allocation['order']
  const lines = [line(1, { item: 'suit', lot: 'l1', ordered: 82, shipped: 80, accepted: 79, damaged: 1, missing: 0, difference: 'broken' }), line(2, { item: 'n95', lot: 'l2', ordered: 20, shipped: 0, accepted: 0, damaged: 0, missing: 0 })]
  const orders = new Map([[first?.id ?? '', { order, lines }]])
  const rows = plannedAndActual({ approval: { struck: [], withdrawnAt: null }, orders, material: { shipments } })
  expect(rows.map(({ shipment, fate, item, planned, ordered, shipped, accepted, lot, supply }) => [shipment, fate, item, planned, ordered, shipped, accepted, lot, supply])).toEqual([
    ['S0001', 'received', 'suit', 82, 82, 80, 79, 'l1', null], ['S0001', 'received', 'n95', 20, 20, 0, 0, 'l2', null], ['S0002', 'waiting', 'suit', 21, null, null, null, null, 's9'],
  ])
  const struck = plannedAndActual({ approval: { struck: [{ shipment: 'S0001', reason: 'x' }], withdrawnAt: null }, orders: new Map(), material: { shipments } })
  expect(struck.map(({ fate, order: number, ordered }) => [fate, number, ordered])).toEqual([['struck', null, null], ['struck', null, null], ['waiting', null, null]])
  const withdrawn = plannedAndActual({ approval: { struck: [], withdrawnAt: NOON }, orders, material: { shipments } })
  expect(withdrawn.map(({ fate }) => fate)).toEqual(['received', 'received', 'withdrawn'])
})
