import { type OrderNow, type Plan, planInForce, type State, type Stay, type Step, type Version } from './modelState.js'
import { isCount, ofCodePoints, read } from './modelWords.js'

/** A past as it is asked for; what is left out is the present. */
export interface Past { readonly asOf?: string; readonly knownAt?: string }
export interface Moments { readonly asOf: number; readonly knownAt: number }

export const momentsOf = ({ asOf, knownAt }: Past, now: number): Moments =>
  ({ asOf: asOf === undefined ? now : read(asOf), knownAt: knownAt === undefined ? now : read(knownAt) })
export const isPast = ({ asOf, knownAt }: Past): boolean => asOf !== undefined || knownAt !== undefined

/** The version of a record that was in force then, as far as it was known then. */
export function versionAt(versions: readonly Version[] | undefined, past: Past, now: number): Version | undefined {
  return isPast(past) ? versionThen(versions, momentsOf(past, now)) : versions?.at(-1)
}
export function versionThen(versions: readonly Version[] | undefined, { asOf, knownAt }: Moments): Version | undefined {
  const known = versions?.filter(({ recordedAt }) => recordedAt <= knownAt) ?? []
  const found = known.filter(({ effectiveAt }) => effectiveAt <= asOf).at(-1)
  return found === undefined ? undefined : withLater(found, known, asOf)
}

/** Who came or left by then, and was not counted then, is in the figure also where it was told only later. */
function withLater(found: Version, known: readonly Version[], asOf: number): Version {
  const { occupied, asOf: said } = found.body
  const counted = said === null || said === undefined ? (isCount(occupied) ? known[0]?.effectiveAt ?? null : null) : read(said)
  const later = known.filter(({ version, named }) => version > found.version && named !== undefined && named.at <= asOf && (counted === null || named.at > counted))
  const more = later.reduce((sum, { named }) => sum + (named?.more ?? 0), 0)
  return more === 0 || !isCount(occupied) ? found : { ...found, body: { ...found.body, occupied: Math.max(0, occupied + more) } }
}

/** Whether a stay was open then, as far as it was known. */
export const wasOpen = ({ began, beganRecorded, end }: Stay, { asOf, knownAt }: Moments): boolean =>
  began <= asOf && beganRecorded <= knownAt && (end === null || end.at > asOf || end.recorded > knownAt)

export interface OrderThen { readonly id: string; readonly version: number; readonly then: OrderNow; readonly isClean: boolean }
/** Somebody has said that the vehicle can drive again; a death is a death all the same. */
export const isClean = (steps: readonly Step[]): boolean => steps.some(({ step }) => step === 'decontaminate')

/** Orders as they were then, in the order of their numbers; those of the present as they stand. */
export function ordersThen({ orders, now }: State, past: Past): OrderThen[] {
  const { asOf, knownAt } = momentsOf(past, now)
  return [...orders.values()].flatMap(({ id, steps }) => {
    const known = isPast(past) ? steps.findLastIndex(({ at, recorded }) => at <= asOf && recorded <= knownAt) : steps.length - 1
    const then = steps[known]?.left
    return then === undefined ? [] : [{ id, version: known + 1, then, isClean: isClean(steps.slice(0, known + 1)) }]
  }).sort((a, b) => ofCodePoints(a.id, b.id))
}

/** The plan that was in force then: of two, because one was approved by phone and put down later, the newer. */
export function planThen(state: State, past: Past): Plan | undefined {
  if (!isPast(past)) return planInForce(state)
  const { asOf, knownAt } = momentsOf(past, state.now)
  return [...state.plans.values()].filter(({ approved, ended }) =>
    approved.at <= asOf && approved.recorded <= knownAt && (ended === null || ended.at > asOf || ended.at > knownAt))
    .sort((a, b) => a.approved.at - b.approved.at || a.approved.recorded - b.approved.recorded).at(-1)
}

/** Beds that reliefs took away then, by pool. */
export function relievedThen({ reliefs, now }: State, past: Past): Map<string, number> {
  const { asOf, knownAt } = momentsOf(past, now)
  const beds = new Map<string, number>()
  for (const { pool, beds: some, since, lifted } of reliefs.values()) {
    const isOver = lifted !== null && (!isPast(past) || (lifted.at <= asOf && lifted.at <= knownAt))
    if (since > asOf || since > knownAt || isOver) continue
    beds.set(pool, (beds.get(pool) ?? 0) + some)
  }
  return beds
}
