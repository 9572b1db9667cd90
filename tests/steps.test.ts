import { describe, expect, test } from 'vitest'
import { AUTHORITY, checkAuthority, decisionsOf } from '../src/access/authority.js'
import { POLICY } from '../src/access/policy.js'
import { boardOf, overdueOf, timingsOf } from '../src/dispatch/boards.js'
import { handoverSchema } from '../src/dispatch/handover.js'
import { dueStep, limitsOf } from '../src/dispatch/limits.js'
import { type State, STATES } from '../src/dispatch/orders.js'
import { stateAfter, STEP_WORDS, type StepName, stepsOpen } from '../src/dispatch/steps.js'
import { Refused } from '../src/kernel/refusal.js'
import { type HeldGrant, type Principal, type Role, ROLES } from '../src/kernel/roles.js'
import { keysOf } from '../src/kernel/vocabulary.js'
import { HANDOVER } from './support/desk.js'

type Side = 'sender' | 'receiver' | 'city'
const RECEIVER = 'bedManager@receiver siteManager@receiver'
const SENDER = 'bedManager@sender siteManager@sender'
const PHONE = 'transferDesk@city'
const DESK = 'transferDesk@city treatmentGroup@city commander@city'

/** What the practice says, written down a second time: from and to, then who on which side. */
const EXPECTED: Readonly<Record<StepName, readonly [leads: string, by: string]>> = {
  issue: ['', ''],
  accept: ['issued>accepted', `${RECEIVER} ${PHONE}`],
  consent: ['issued>accepted', ''],
  askRelief: ['issued>reliefAsked accepted>reliefAsked', RECEIVER],
  uphold: ['reliefAsked>relieved', DESK],
  overrule: ['reliefAsked>accepted', DESK],
  dispatch: ['accepted>dispatched', `${SENDER} ${PHONE}`],
  worsen: ['dispatched>dispatched', `${SENDER} ${PHONE}`],
  divert: ['issued>issued accepted>issued reliefAsked>issued dispatched>dispatched', DESK],
  arrive: ['dispatched>arrived', `${RECEIVER} ${PHONE}`],
  decontaminate: ['arrived>closed died>died returned>returned', `${RECEIVER} ${PHONE}`],
  cancel: ['issued>cancelled accepted>cancelled reliefAsked>cancelled', DESK],
  unwilling: ['issued>unwilling accepted>unwilling reliefAsked>unwilling', `${SENDER} ${PHONE}`],
  die: ['dispatched>died', `${RECEIVER} ${PHONE}`],
  turnBack: ['dispatched>returned', `${SENDER} ${PHONE}`],
  expire: ['issued>expired accepted>expired reliefAsked>expired', ''],
  lift: ['relieved>relieved', `${RECEIVER} ${DESK}`],
  confirm: ['', ''],
}

const NOON = new Date('2020-01-30T12:00:00+08:00')
const standing = (state: State) => ({ id: 'o-1', state, since: NOON, by: 'desk', fromPlace: 'dist', toPlace: 'hub' })
const grantAt = (role: Role, where: 'dist' | 'hub' | 'elsewhere' | 'city'): HeldGrant =>
  ({ role, isCity: where === 'city', units: new Set(), places: new Set(where === 'city' ? [] : [where]), homes: new Set() })
const holding = (...grants: HeldGrant[]): Principal => ({ id: 'p-1', grants })
const SIDE_OF: Readonly<Record<string, Side>> = { dist: 'sender', hub: 'receiver' }

function outcome(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    if (error instanceof Refused) return error.refusal.code
    throw error
  }
}

describe('every step from every state, by every role on every side', () => {
  test.each(keysOf(STEP_WORDS))('%s', (name) => {
    const [leads, by] = EXPECTED[name]
    const lead = new Map(leads.split(' ').map((pair) => pair.split('>') as [string, string]))
    const wrong: string[] = []
    let cells = 0
    for (const state of keysOf(STATES)) for (const role of keysOf(ROLES)) for (const where of ['dist', 'hub', 'elsewhere', 'city'] as const) {
      cells += 1
      const side = by.split(' ').find((one) => one.startsWith(`${role}@`))?.split('@')[1]
      // Whoever has the whole city has either side of it.
      const may = side !== undefined && (where === 'city' || side === SIDE_OF[where])
      const expected = !may ? 'forbidden' : (lead.get(state) ?? 'stepOutOfOrder')
      const found = outcome(() => stateAfter(holding(grantAt(role, where)), name, standing(state)))
      if (found !== expected) wrong.push(`${state} ${role} at ${where}: ${String(found)}, not ${expected}`)
    }
    expect([wrong, cells]).toEqual([[], 12 * 11 * 4])
  })

  test('what is on the road is cancelled only where its patient has no place any more, and nobody is offered that', () => {
    const desk = holding(grantAt('transferDesk', 'city'))
    const found = (state: State, isGone?: boolean) => outcome(() => stateAfter(desk, 'cancel', { ...standing(state), ...(isGone === undefined ? {} : { isGone }) }))
    expect([found('dispatched'), found('dispatched', false), found('dispatched', true), found('arrived', true)]).toEqual(['stepOutOfOrder', 'stepOutOfOrder', 'cancelled', 'stepOutOfOrder'])
    expect(stepsOpen(desk, standing('dispatched'))).not.toContain('cancel')
    expect(outcome(() => stateAfter(holding(grantAt('bedManager', 'hub')), 'cancel', { ...standing('dispatched'), isGone: true }))).toBe('forbidden')
  })

  test('who comes too early or too late is told the state, since when, by whom, and what is possible', () => {
    const desk = holding(grantAt('transferDesk', 'city'))
    const said = (() => {
      try {
        stateAfter(desk, 'arrive', standing('accepted'))
      } catch (error) {
        return error instanceof Refused ? error.refusal.text : null
      }
      return null
    })()
    expect(said).toEqual({
      zh: '指令 o-1 自 2020-01-30T12:00:00+08:00 起为“已接受”（desk），不能交接；现在可以：出车、改送、撤销、记患者或家属不愿',
      en: 'order o-1 is accepted since 2020-01-30T12:00:00+08:00, by desk, so one cannot hand over; possible now: dispatch, divert, cancel, note that patient or family are unwilling',
    })
    expect(stepsOpen(holding(grantAt('bedManager', 'hub')), standing('issued'))).toEqual(['accept', 'askRelief'])
    expect(stepsOpen(holding(), standing('issued'))).toEqual([])
  })

  test('who may not is told which side may, and where that is', () => {
    const saidOf = (name: StepName, toPlace: string | null = 'hub') => {
      try {
        return stateAfter(holding(grantAt('bedManager', 'elsewhere')), name, { ...standing('accepted'), toPlace })
      } catch (error) {
        return error instanceof Refused ? error.refusal.text.en : null
      }
    }
    expect(saidOf('dispatch')).toBe('this step (dispatch) is for the sender dist (bed manager, isolation site manager), or the city (transfer desk)')
    expect(saidOf('askRelief')).toBe('this step (ask for relief) is for the receiver hub (bed manager, isolation site manager)')
    expect(saidOf('arrive', null)).toBe('this step (hand over) is for the city (transfer desk)')
    expect(saidOf('cancel')).toBe('this step (cancel) is for the city (transfer desk, treatment group, commander)')
  })
})

test('the table of who may call what says the same roles', () => {
  const called = keysOf(STEP_WORDS).filter((name) => !['issue', 'consent', 'expire', 'confirm'].includes(name))
  const roles = (name: StepName) => keysOf(ROLES).filter((role) => EXPECTED[name][1].split(' ').some((one) => one.startsWith(`${role}@`)))
  expect(called.map((name) => [name, POLICY[`${name}Order`]])).toEqual(called.map((name) => [name, { roles: expect.arrayContaining(roles(name)), ofCity: false }]))
  expect(called.map((name) => (POLICY[`${name}Order`] as { roles: readonly Role[] }).roles.length)).toEqual(called.map((name) => roles(name).length))
})

describe('the table of authority', () => {
  const rows: [roles: Role[], where: 'city' | 'hub', blocks: string[], byPhone: boolean, may: boolean][] = [
    [['treatmentGroup'], 'city', [], false, true], [['commander'], 'city', [], false, true], [['transferDesk'], 'city', [], false, false],
    [['transferDesk'], 'city', [], true, true], [['planner'], 'city', [], true, false], [['treatmentGroup'], 'hub', [], false, false],
    [['treatmentGroup'], 'city', ['b'], false, false], [['commander'], 'city', ['b'], false, true], [['treatmentGroup'], 'city', ['b'], true, true],
    [['suppliesGroup'], 'city', [], false, false], [[], 'city', [], false, false],
  ]
  test.each(rows)('%j of %s, blocks %j, by phone %s: %s', (roles, where, blocks, byPhone, may) =>
    expect(outcome(() => checkAuthority(holding(...roles.map((role) => grantAt(role, where))), decisionsOf(blocks), { byPhone }))).toBe(may ? undefined : 'forbidden'))

  test('names somebody for everything that is decided', () => {
    expect(Object.values(AUTHORITY).filter((roles) => roles.length === 0)).toEqual([])
  })
})

describe('what the clock says', () => {
  const at = (clock: string) => new Date(`2020-01-30T${clock}:00+08:00`)
  const limits: [issued: string, leaves: string | null, answerBy: string, deadline: string][] = [
    ['00:00', '06:00', '00:30', '10:00'], ['05:50', '06:00', '06:00', '10:00'], ['06:30', '06:00', '07:00', '10:30'], ['00:00', null, '00:30', '24:00'],
  ]
  test.each(limits)('issued %s, leaving %s: answer by %s, gone by %s', (issued, leaves, answerBy, deadline) =>
    expect(limitsOf({ issuedAt: at(issued), leavesBase: leaves === null ? null : at(leaves), toPlace: 'hub' }))
      .toEqual({ answerBy: at(answerBy), deadline: deadline === '24:00' ? new Date('2020-01-31T00:00:00+08:00') : at(deadline) }))
  test('out of the system no silence is consent', () =>
    expect(limitsOf({ issuedAt: at('00:00'), leavesBase: at('06:00'), toPlace: null })).toEqual({ answerBy: null, deadline: at('10:00') }))

  const due: [State, string, ReturnType<typeof dueStep>][] = [
    ['issued', '07:59', null], ['issued', '08:00', { step: 'consent', at: at('08:00') }], ['accepted', '08:00', null],
    ['accepted', '10:00', { step: 'expire', at: at('10:00') }], ['reliefAsked', '10:00', { step: 'expire', at: at('10:00') }],
    ['issued', '11:00', { step: 'consent', at: at('08:00') }], ['dispatched', '23:00', null], ['arrived', '23:00', null], ['cancelled', '23:00', null],
  ]
  test.each(due)('%s at %s', (state, now, step) => expect(dueStep({ state, answerBy: at('08:00'), deadline: at('10:00') }, at(now))).toEqual(step))

  type Timed = Parameters<typeof overdueOf>[0]
  const order: Timed = {
    state: 'dispatched', dispatchedAt: at('08:00'), travelMinutes: 40, arrivedAt: null, vehicle: 'van', leavesBase: null, departs: null, arrives: null, returns: at('10:00'),
    plan: 'p', brought: null, confirmedAt: null, issuedAt: at('00:00'), deadline: null,
  }
  const rings: [string, Partial<Timed>, string, string[]][] = [
    ['on the road in time', {}, '09:09', []], ['on the road too long', {}, '09:10', ['notArrived']],
    ['collected first, and not there in time', { leavesBase: at('08:00'), arrives: at('09:30') }, '10:00', ['notArrived']], ['collected first', { leavesBase: at('08:00'), arrives: at('09:30') }, '09:59', []],
    ['gone before its time', { leavesBase: at('08:01'), arrives: at('09:30') }, '09:10', ['notArrived']],
    ['nobody knows the road, in time', { travelMinutes: null }, '12:29', []], ['nobody knows the road, too long', { travelMinutes: null }, '12:30', ['notArrived']],
    ['not clean', { state: 'arrived', arrivedAt: at('08:45') }, '10:35', ['notClean']],
    ['clean', { state: 'closed', arrivedAt: at('08:45') }, '20:00', []],
    // Who died on the way died at eight, half a return trip from where the vehicle is cleaned.
    ['not clean after a death, in time', { state: 'died', travelMinutes: 60 }, '10:29', []],
    ['not clean after a death', { state: 'died', travelMinutes: 60 }, '10:30', ['notClean']],
    ['nobody drove', { state: 'died', vehicle: null }, '20:00', []],
    ['relief in time', { state: 'reliefAsked', dispatchedAt: null }, '08:29', []],
    ['relief undecided', { state: 'reliefAsked', dispatchedAt: null }, '08:30', ['reliefUndecided']],
    ['no paper', { state: 'issued', dispatchedAt: null, plan: null }, '12:00', ['notConfirmed']],
    ['the paper is there', { state: 'issued', dispatchedAt: null, plan: null, confirmedAt: at('09:00') }, '12:00', []],
    ['to leave soon', { state: 'accepted', dispatchedAt: null, leavesBase: at('08:00'), departs: at('08:20') }, '08:49', []],
    ['not gone in time', { state: 'accepted', dispatchedAt: null, leavesBase: at('08:00'), departs: at('08:20') }, '08:50', ['notDispatched']],
    ['brought, and not gone in time', { state: 'issued', dispatchedAt: null, leavesBase: at('08:00'), plan: null, brought: {} as never }, '08:30', ['notDispatched']],
    ['asked for relief, and not gone', { state: 'reliefAsked', dispatchedAt: null, leavesBase: at('08:00') }, '08:30', ['reliefUndecided']],
    ['not gone, and not about to expire', { state: 'issued', dispatchedAt: null, leavesBase: at('08:00'), deadline: at('12:00') }, '11:29', ['notDispatched']],
    ['not gone, and about to expire', { state: 'issued', dispatchedAt: null, leavesBase: at('08:00'), deadline: at('12:00') }, '11:30', ['expiresSoon']],
    ['expires later', { state: 'accepted', dispatchedAt: null, deadline: at('12:00') }, '11:29', []],
    ['expires soon', { state: 'accepted', dispatchedAt: null, deadline: at('12:00') }, '11:30', ['expiresSoon']],
    ['has expired', { state: 'expired', dispatchedAt: null, deadline: at('12:00') }, '12:00', []],
  ]
  test.each(rings)('%s', (_, change, now, kinds) =>
    expect(overdueOf({ ...order, ...change }, { since: at('08:00'), isClean: false, parted: null, gone: null }, at(now)).map(({ kind }) => kind)).toEqual(kinds))

  test('a vehicle in which somebody died and that is clean rings for nobody', () =>
    expect(overdueOf({ ...order, state: 'died' }, { since: at('08:00'), isClean: true, gone: null, parted: null }, at('20:00'))).toEqual([]))

  const gone: [State, string | null, string[]][] = [
    ['issued', '07:13', ['patientGone']], ['accepted', '07:13', ['patientGone']], ['dispatched', '07:13', ['patientGone']], ['accepted', null, []],
    // Whoever has arrived lies where the order led; and an order that is over asks for nobody.
    ['arrived', '07:13', []], ['cancelled', '07:13', []], ['died', '07:13', []],
  ]
  test.each(gone)('%s, its patient gone at %s', (state, since, kinds) =>
    expect(overdueOf({ ...order, state, vehicle: null }, { since: at('07:00'), isClean: false, parted: null, gone: since === null ? null : at(since) }, at('08:01')).map(({ kind }) => kind)).toEqual(kinds))

  test.each([['ward-3', true], ['张三', false], ['Zhang San', false]])('%s signs a handover: %s', (post, may) =>
    expect(handoverSchema.safeParse({ ...HANDOVER, crew: { post, at: '2020-01-30T08:10:00+08:00' } }).success).toBe(may))

  test('times by severity: median and worst, and no row where nobody came through', () => {
    const one = (minutes: number) => ({ severity: 'severe' as const, requestedAt: null, issuedAt: at('08:00'), dispatchedAt: new Date(at('08:00').getTime() + minutes * 60_000), arrivedAt: null })
    expect(timingsOf([one(10), one(30), one(20), one(90)])).toEqual([{ severity: 'severe', stretch: 'approvalToDispatch', orders: 4, median: 30, worst: 90 }])
  })

  test('on the board people of one ride stand together, and rides in turn', () => {
    const ride = (id: string, leaves: string, vehicle: string | null = 'van') =>
      ({ id, state: 'accepted' as const, patient: id, toPlace: 'hub', outside: null, vehicle, crew: 'van/1', leavesBase: at(leaves), departs: null, arrives: null, returns: at('12:00'), dispatchedAt: null, arrivedAt: null })
    const shown = boardOf([ride('c', '09:00'), ride('a', '07:00'), ride('b', '07:00'), ride('d', '06:00', null)])
    expect(shown.map(({ orders }) => orders.map(({ id }) => id))).toEqual([['a', 'b'], ['c']])
  })
})
