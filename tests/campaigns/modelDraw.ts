import { type Draw, weighted } from './modelChance.js'
import { cityOf } from './modelCity.js'
import { asks, type DrawCommand, type Drawn } from './modelDrawCommon.js'
import * as facilities from './modelDrawFacilities.js'
import { follow } from './modelDrawFollow.js'
import { drawFirst, ISOLATION } from './modelDrawIsolation.js'
import * as orders from './modelDrawOrders.js'
import * as people from './modelDrawPeople.js'
import * as plans from './modelDrawPlans.js'
import { drawRecords } from './modelDrawRecords.js'
import { ACTORS, NOBODY, whoMay } from './modelRoles.js'
import { present, type State } from './modelState.js'
import { type Command, type Fields, type Op, PUTS, type Sent } from './modelWords.js'

/** What a sequence is about: odd records from nothing, or a tiny city in which one thing happens more than others. */
export const THEMES = ['orders', 'records', 'isolation', 'plans'] as const
export type Theme = (typeof THEMES)[number]
const IN_TURN: readonly Theme[] = ['orders', 'records', 'isolation', 'plans', 'orders', 'isolation', 'plans', 'records', 'orders', 'isolation']
export const themeOf = (sequence: number): Theme => IN_TURN[(sequence - 1) % IN_TURN.length] ?? 'orders'

/** What the service does by itself, or whoever computes plans beside it. */
export type Work = 'upkeep' | 'worker'
type Way = readonly [number, DrawCommand | Work]

const FACILITIES: readonly Way[] = [
  [3, facilities.putPlace], [5, facilities.putPool], [4, facilities.putBlock], [3, facilities.putVehicle], [5, facilities.putTravel], [2, facilities.putTeam], [2, facilities.putUnit],
]
const PEOPLE: readonly Way[] = [
  [6, people.putPerson], [4, people.requestTransfer], [2, people.withdrawRequest], [4, people.reassess], [6, people.assess], [4, people.exception], [5, people.admit], [5, people.move], [2, people.end],
]
const BEDS: readonly Way[] = [[7, people.reportBeds], [4, people.reportPlace]]
const ORDERS: readonly Way[] = [[10, orders.issue], [32, orders.step], [3, orders.confirmOrder], [3, 'upkeep']]
const PLANS: readonly Way[] = [[7, plans.ask], [9, 'worker'], [9, plans.approve], [5, plans.confirm], [4, plans.withdraw], [2, plans.cancel]]

const times = (ways: readonly Way[], percent: number): Way[] => ways.map(([weight, way]) => [weight * percent, way])
const MIX: Readonly<Record<Exclude<Theme, 'records'>, readonly Way[]>> = {
  orders: [...times(ORDERS, 100), ...times(PLANS, 25), ...times(ISOLATION, 5), ...times(PEOPLE, 40), ...times(BEDS, 60), ...times(FACILITIES, 30)],
  plans: [...times(ORDERS, 50), ...times(PLANS, 100), ...times(ISOLATION, 5), ...times(PEOPLE, 50), ...times(BEDS, 40), ...times(FACILITIES, 30)],
  isolation: [...times(ORDERS, 6), ...times(ISOLATION, 100), ...times(PEOPLE, 30), ...times(BEDS, 80), ...times(FACILITIES, 35)],
}

/** In so many of a hundred steps what follows from what was is asked for. */
const FOLLOWS = 28

/** What comes next in a sequence. */
export function drawNext(draw: Draw, state: State, { theme, step }: { theme: Theme; step: number }): Drawn | Work {
  if (theme === 'records') return drawRecords(draw, state, step)
  if (state.settings === null) return { command: asks('importScenario', null, cityOf(draw)), by: 'first' }
  const first = theme === 'isolation' ? drawFirst(draw, state, step) : null
  if (first !== null) return { command: first, by: 'first' }
  const next = draw.chance(FOLLOWS) ? follow(draw, state) : null
  if (next !== null) return { command: next, by: 'whoMay' }
  const way = draw.chance(0.4) ? () => asks('importScenario', null, cityOf(draw)) : weighted(draw, MIX[theme])
  if (way === 'upkeep') return way
  if (way === 'worker') return [...state.runs.values()].some(({ cancelled, computed }) => cancelled === null && computed === null) ? way : { command: plans.ask(draw, state), by: 'anybody' }
  const isIdle = way === orders.step && state.orders.size === 0
  const isOfNone = (way === plans.confirm || way === plans.withdraw) && state.plans.size === 0 && draw.chance(85)
  return { command: isIdle ? orders.issue(draw, state) : isOfNone ? plans.ask(draw, state) : way(draw, state), by: 'anybody' }
}

const ALL = ['local', 'ward-3', 'desk.7']
function actorOf(draw: Draw, state: State, { command: { op, id }, by }: Drawn): string {
  const others = ALL.filter((actor) => op !== 'approvePlan' || state.runs.get(id ?? '')?.by !== actor)
  const dice = draw.below(100)
  return by === 'first' || (by === 'whoMay' && dice < 75) ? draw.of(others) : dice < 50 ? draw.of(ALL) : dice < 82 ? draw.of(whoMay(state, op)) : draw.of([...Object.keys(ACTORS), NOBODY])
}

/** The version of what a command is done to, where its asker may say which they saw. */
function versionOf(state: State, { op, id }: Command): number | undefined {
  const kind = PUTS[op] ?? (op === 'reportBeds' ? 'pools' : ['requestTransfer', 'withdrawRequest', 'reassessCase', 'assessFitness', 'signTravelException'].includes(op) ? 'cases' : null)
  if (kind !== null) return present(state, kind, id ?? '')?.version
  if (op === 'move' || op === 'endStay') return 1
  if (op === 'approvePlan') return state.runs.get(id ?? '')?.computed?.version
  if (op === 'confirmPlan' || op === 'withdrawPlan') return state.plans.get(id ?? '')?.version
  return /Order$/.test(op) ? state.orders.get(id ?? '')?.steps.length : present(state, 'contacts', id ?? '')?.version
}

const KINDS_OF_CROOKED: readonly Fields[] = [{ occupied: -1 }, { source: '' }, { asOf: 'yesterday' }]
const crooked = (draw: Draw, op: Op): Fields => (op === 'reportBeds' && draw.chance(70) ? draw.of(KINDS_OF_CROOKED) : { nobody: draw.of(['asked', 'knew']) })

/** Sends a command under a key of its own, with the condition that somebody would add, or should have. */
export function envelope(draw: Draw, state: State, drawn: Drawn, key: string): Sent {
  const { command, by } = drawn
  if (by === 'first') return { command, actor: draw.of(ALL), key, ifMatch: null, isCrooked: false }
  const { op, body } = command
  const version = versionOf(state, command)
  const isNeeded = op in PUTS && version !== undefined
  const ifMatch = version === undefined ? (op in PUTS && draw.chance(4) ? '"1"' : null) : draw.chance(isNeeded ? 12 : 65) ? null
    : draw.chance(20) ? `"${draw.of([version - 1, version + 1])}"` : draw.chance(5) ? `"${version + 7}", "${version}"` : `"${version}"`
  const isCrooked = body !== null && op !== 'importScenario' && draw.chance(op === 'reportBeds' ? 2 : 0.7)
  const sent = isCrooked ? { ...command, body: { ...body, ...crooked(draw, op) } } : command
  return { command: sent, actor: actorOf(draw, state, drawn), key: draw.chance(0.7) ? null : key, ifMatch, isCrooked }
}

/** The same request again, or something like it that is not the same. */
export function again(draw: Draw, sent: readonly Sent[]): { how: string; request: Sent } {
  const before = draw.chance(40) ? sent.at(-1) : draw.of(sent)
  if (before === undefined) throw new Error('nothing was sent yet')
  const dice = draw.below(100)
  if (dice < 60) return { how: 'replay', request: dice < 20 ? turned(before) : before }
  if (dice < 75) return { how: 'other post, same key', request: { ...before, actor: draw.of(ALL) } }
  if (dice < 85) return { how: 'other condition, same key', request: { ...before, ifMatch: '"99"' } }
  return { how: 'other content, same key', request: { ...draw.of(sent), actor: before.actor, key: before.key } }
}

/** The same content, its fields in another order. */
function turned(sent: Sent): Sent {
  const { body, op } = sent.command
  if (body === null || op === 'importScenario') return sent
  return { ...sent, command: { ...sent.command, body: Object.fromEntries(Object.entries(body).reverse()) } }
}
