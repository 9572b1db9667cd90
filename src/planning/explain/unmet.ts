import { canonicalJson } from '../../kernel/canonical.js'
import { text } from '../../kernel/text.js'
import type { Row } from '../model.js'
import type { Clash, Plan, Unmet, WayOut } from '../plan.js'
import type { WayOutKind } from '../policy.js'
import { MUSTS } from '../rules/musts.js'
import { BY_HAND, placedByHand } from '../rules/edits.js'
import { editName, placeName } from '../sayings.js'
import { demandSchema } from '../scenario.js'
import { type Problem, type SolveResult, sumOf } from '../solve/problem.js'
import { type CountedNeed, World } from '../world.js'
import { smallestClash } from './clash.js'
import { type Proposal, proposalOf } from './decisions.js'
import { Eased, type Target } from './eased.js'
import { type Bought, decisionOf } from './waysOut.js'

/** What explaining asks of whoever can solve; it solves nothing itself. */
export interface Questions {
  /** Between two needs that are explained, for whoever waits meanwhile. */
  readonly pause: () => Promise<void>
  readonly solve: (problem: Problem) => Promise<SolveResult>
  /** Plans again with a proposal's patch: exit code and the value of the need then. */
  readonly replan: (proposal: Proposal, need: CountedNeed | null) => Promise<{ exit: number; value: number } | null>
}

/** Each need that is not met, or the orders that clash with musts: the clash, and the proved ways out. */
export async function explainUnmet(world: World, plan: Plan, questions: Questions | null): Promise<Unmet[]> {
  const unmet: Unmet[] = []
  const ids = new Map<string, string>()
  for (const { rule, need, value, demanded } of targetsOf(world, plan)) {
    const blank: Unmet = { rule, value, demanded, clash: null, waysOut: [] }
    if (questions === null) {
      unmet.push(blank)
      continue
    }
    await questions.pause()
    const isByHand = rule === placedByHand.name
    // What decisions by hand clash with is told apart from what demands clash with.
    const eased = new Eased(isByHand ? new World({ ...world.scenario, require: [] }) : world, { need, keep: keptBefore(plan, need) })
    const waysOut = await waysOutOf(eased, { need, undone: isByHand ? undoneIn(plan) : [] }, questions)
    const clash = (await clashOf(eased, questions)) ?? (isByHand ? await clashOfTrips(eased, undoneIn(plan), questions) : clashOfReasons(plan, need))
    unmet.push({ ...blank, clash, waysOut: waysOut.map((way) => ({ id: idOf(way.patch, ids), ...way })) })
  }
  return unmet
}

/** One way out keeps its id wherever it helps: the same patch is the same decision. */
export function idOf(patch: WayOut['patch'], ids: Map<string, string>): string {
  const key = canonicalJson(patch)
  const id = ids.get(key) ?? `w${ids.size + 1}`
  ids.set(key, id)
  return id
}

interface UnmetNeed {
  readonly rule: string
  readonly need: CountedNeed | null
  readonly value: number
  readonly demanded: boolean
}

export function targetsOf(world: World, plan: Plan): UnmetNeed[] {
  // Without levels there is no plan at all: the orders that stand clash with the musts.
  if (plan.levels.length === 0) return [{ rule: 'ordersStand', need: null, value: Object.keys(world.scenario.orders).length, demanded: true }]
  const undone = undoneIn(plan)
  const byHand = undone.length === 0 ? [] : [{ rule: placedByHand.name, need: null, value: undone.length, demanded: true }]
  return [...byHand, ...plan.levels.flatMap((level) => {
    const need = demandSchema.options.find((name) => name === level.rule)
    if (need === undefined || level.value === 0) return []
    return [{ rule: need, need, value: level.value, demanded: world.scenario.require.includes(need) }]
  })]
}

const undoneIn = (plan: Plan): string[] => plan.edits.filter(({ carriedOut }) => !carriedOut).map(({ edit }) => edit)

/** Curing one need must not cost an earlier one. */
function keptBefore(plan: Plan, need: CountedNeed | null): Target['keep'] {
  const rank = plan.levels.find((level) => level.rule === need)?.rank ?? 0
  return new Map(plan.levels.filter((level) => level.level === 'need' && level.rank < rank).map((level) => [level.rule, level.value]))
}

/** Where rules clash that nobody can ease, what binds those who are left is told instead; not proved smallest. */
export function clashOfReasons(plan: Plan, need: CountedNeed | null): Clash | null {
  const level = plan.levels.find((one) => one.rule === need)
  if (level === undefined) return null
  const told = new Map(plan.unplaced.map(({ rule, at, reason }) => [`${rule}@${at}`, { rule, subject: at, text: reason }]))
  return told.size === 0 ? null : { rules: [...told.values()].slice(0, REASONS_MAX), smallest: false }
}
const REASONS_MAX = 5

async function clashOf(eased: Eased, questions: Questions): Promise<Clash | null> {
  const found = await smallestClash([...eased.blocks.keys()], async (kept) => {
    const result = await questions.solve(eased.problemWith(kept))
    if (result.status === 'outOfTime') return null
    if (result.status === 'infeasible') return { feasible: false, alsoHold: new Set() }
    const x = result.levels[0]?.x ?? []
    const holds = (rows: readonly Row[]) => rows.every((row) => sumOf([...row.terms], x) <= row.upper + 1e-9)
    return { feasible: true, alsoHold: new Set([...eased.blocks].filter(([, rows]) => holds(rows)).map(([name]) => name)) }
  })
  if (found === null) return null
  return { rules: found.blocks.map((block) => blockInWords(eased.world, block)), smallest: found.smallest }
}

/** Decisions by hand that the musts allow, and that were not carried out, found no time for their rides: the timetable is no proof. */
async function clashOfTrips(eased: Eased, undone: readonly string[], questions: Questions): Promise<Clash | null> {
  const trips = [...eased.blocks.keys()].find((name) => name.startsWith('vehicleMinutes@'))
  const all = await questions.solve(eased.problemWith(new Set(eased.blocks.keys())))
  if (all.status !== 'solved' || trips === undefined) return null
  const names = [...undone.slice(0, REASONS_MAX - 1).map((id) => `${placedByHand.name}@${id}`), trips]
  return { rules: names.map((name) => blockInWords(eased.world, name)), smallest: false }
}

export function blockInWords(world: World, block: string): Clash['rules'][number] {
  const at = block.indexOf('@')
  const [rule, subject] = [block.slice(0, at), block.slice(at + 1)]
  const title = rule === 'expertTeam'
    ? text('该处没有专家组', 'no expert team is there')
    : (MUSTS.find((must) => must.name === rule)?.title ?? text(rule, rule))
  if (BY_HAND.includes(rule)) return { rule, subject, text: editName(world, subject) }
  const where = Object.hasOwn(world.scenario.places, subject) ? placeName(world, subject) : subject === 'city' ? text('全市', 'the whole city') : text(subject, subject)
  return { rule, subject, text: text(`${where.zh}：${title.zh}`, `${where.en}: ${title.en}`) }
}

/**
 * The smallest amount of each single kind that cures the target; of several together where no one kind does. `undone`:
 * decisions by hand that find no time in the timetable have at least the way out of withdrawing them.
 */
async function waysOutOf(
  eased: Eased, { need, undone }: { need: CountedNeed | null; undone: readonly string[] }, questions: Questions,
): Promise<Omit<WayOut, 'id'>[]> {
  const kinds = eased.world.policy.waysOut
  const single: Omit<WayOut, 'id'>[] = []
  for (const kind of kinds) {
    const way = await wayOf(eased, [kind], need, questions)
    if (way !== null) single.push(way)
  }
  if (single.length > 0) return single
  const together = (await wayOf(eased, kinds, need, questions)) ?? (await pairOf(eased, need, questions)) ?? (await withoutThose(eased, undone, questions))
  return together === null ? [] : [together]
}

async function withoutThose({ world }: Eased, undone: readonly string[], questions: Questions): Promise<Omit<WayOut, 'id'> | null> {
  if (undone.length === 0 || !world.policy.waysOut.includes('withdrawEdit')) return null
  const proposal = proposalOf(world, undone.map((subject) => ({ kind: 'withdrawEdit', subject, figure: 0, people: [] })))
  const proved = await questions.replan(proposal, null)
  return proved?.exit === 0 ? { ...proposal, proved } : null
}

/** Where a single kind cures on paper but not in the timetable, ambulances beside it may. */
async function pairOf(eased: Eased, need: CountedNeed | null, questions: Questions): Promise<Omit<WayOut, 'id'> | null> {
  for (const kind of eased.world.policy.waysOut) {
    if (kind === 'addVehicles' || !eased.world.policy.waysOut.includes('addVehicles')) continue
    const { problem, amounts } = eased.buying([kind])
    const result = amounts.size === 0 ? null : await questions.solve(problem)
    if (result?.status !== 'solved') continue
    const x = result.levels.at(-1)?.x ?? []
    const bought = [...amounts].map(([easing, column]) => ({ easing, amount: x[column] ?? 0 })).filter(({ amount }) => amount > 0)
    for (const place of receivers(eased, x)) {
      const extra = { easing: { kind: 'addVehicles', subject: place, per: 1, max: 1 } as const, amount: 1 }
      const proposal = proposed(eased, [...bought, extra], x)
      const proved = bought.length === 0 ? null : await questions.replan(proposal, need)
      if (proved?.exit === 0 && proved.value === 0) return { ...proposal, proved }
    }
  }
  return null
}

const proposed = (eased: Eased, bought: readonly Bought[], x: readonly number[]): Proposal =>
  proposalOf(eased.world, bought.map((one) => decisionOf(eased, one, x)))

/** Places to which somebody rides in this answer. */
const receivers = ({ build }: Eased, x: readonly number[]): string[] =>
  [...new Set(build.rides().filter((option) => (x[build.x(option)] ?? 0) > 0).map((option) => option.to))]

async function wayOf(eased: Eased, kinds: readonly WayOutKind[], need: CountedNeed | null, questions: Questions): Promise<Omit<WayOut, 'id'> | null> {
  const { problem, amounts } = eased.buying(kinds)
  if (amounts.size === 0) return null
  const result = await questions.solve(problem)
  const last = result.status === 'infeasible' ? undefined : result.levels.at(-1)
  if (last === undefined || result.status !== 'solved') return null
  const bought = [...amounts].map(([easing, column]) => ({ easing, amount: last.x[column] ?? 0 })).filter(({ amount }) => amount > 0)
  if (bought.length === 0) return null
  for (let more = 0; more <= MORE_VEHICLES_MAX; more += 1) {
    // Minutes that suffice as a sum may not cut into trips; then it takes a vehicle more.
    const tried = bought.map(({ easing, amount }) => ({ easing, amount: easing.kind === 'addVehicles' ? amount + more : amount }))
    const proposal = proposed(eased, tried, last.x)
    const proved = await questions.replan(proposal, need)
    if (proved?.exit === 0 && proved.value === 0) return { ...proposal, proved }
    if (!bought.some(({ easing }) => easing.kind === 'addVehicles')) return null
  }
  return null
}
const MORE_VEHICLES_MAX = 6

