import { canonicalJson } from '../../kernel/canonical.js'
import { text } from '../../kernel/text.js'
import type { Row } from '../model.js'
import type { Clash, Plan, Unmet, WayOut } from '../plan.js'
import type { WayOutKind } from '../policy.js'
import { MUSTS } from '../rules/musts.js'
import { placeName } from '../sayings.js'
import { demandSchema } from '../scenario.js'
import { type Problem, type SolveResult, sumOf } from '../solve/problem.js'
import type { CountedNeed, World } from '../world.js'
import { smallestClash } from './clash.js'
import { Eased, type Target } from './eased.js'
import { type Proposal, proposalOf } from './waysOut.js'

/** What explaining asks of whoever can solve; it solves nothing itself. */
export interface Questions {
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
    const eased = new Eased(world, { need, keep: keptBefore(plan, need) })
    const waysOut = await waysOutOf(eased, need, questions)
    const clash = await clashOf(eased, questions)
    unmet.push({ ...blank, clash, waysOut: waysOut.map((way) => ({ id: idOf(way.patch, ids), ...way })) })
  }
  return unmet
}

/** One way out keeps its id wherever it helps: the same patch is the same decision. */
function idOf(patch: WayOut['patch'], ids: Map<string, string>): string {
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

function targetsOf(world: World, plan: Plan): UnmetNeed[] {
  // Without levels there is no plan at all: the orders that stand clash with the musts.
  if (plan.levels.length === 0) return [{ rule: 'ordersStand', need: null, value: Object.keys(world.scenario.orders).length, demanded: true }]
  return plan.levels.flatMap((level) => {
    const need = demandSchema.options.find((name) => name === level.rule)
    if (need === undefined || level.value === 0) return []
    return [{ rule: need, need, value: level.value, demanded: world.scenario.require.includes(need) }]
  })
}

/** Curing one need must not cost an earlier one. */
function keptBefore(plan: Plan, need: CountedNeed | null): Target['keep'] {
  const rank = plan.levels.find((level) => level.rule === need)?.rank ?? 0
  return new Map(plan.levels.filter((level) => level.level === 'need' && level.rank < rank).map((level) => [level.rule, level.value]))
}

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

function blockInWords(world: World, block: string): Clash['rules'][number] {
  const at = block.indexOf('@')
  const [rule, subject] = [block.slice(0, at), block.slice(at + 1)]
  const title = rule === 'expertTeam'
    ? text('该处没有专家组', 'no expert team is there')
    : (MUSTS.find((must) => must.name === rule)?.title ?? text(rule, rule))
  const where = Object.hasOwn(world.scenario.places, subject) ? placeName(world, subject) : subject === 'city' ? text('全市', 'the whole city') : text(subject, subject)
  return { rule, subject, text: text(`${where.zh}：${title.zh}`, `${where.en}: ${title.en}`) }
}

/** The smallest amount of each single kind that cures the target; of several together where no one kind does. */
async function waysOutOf(eased: Eased, need: CountedNeed | null, questions: Questions): Promise<Omit<WayOut, 'id'>[]> {
  const kinds = eased.world.policy.waysOut
  const single: Omit<WayOut, 'id'>[] = []
  for (const kind of kinds) {
    const way = await wayOf(eased, [kind], need, questions)
    if (way !== null) single.push(way)
  }
  if (single.length > 0) return single
  const together = await wayOf(eased, kinds, need, questions)
  return together === null ? [] : [together]
}

async function wayOf(eased: Eased, kinds: readonly WayOutKind[], need: CountedNeed | null, questions: Questions): Promise<Omit<WayOut, 'id'> | null> {
  const { problem, amounts } = eased.buying(kinds)
  if (amounts.size === 0) return null
  const result = await questions.solve(problem)
  const last = result.status === 'infeasible' ? undefined : result.levels.at(-1)
  if (last === undefined || result.status !== 'solved') return null
  const bought = [...amounts].map(([easing, column]) => ({ easing, amount: last.x[column] ?? 0 })).filter(({ amount }) => amount > 0)
  if (bought.length === 0) return null
  const proposal = proposalOf(eased, bought, last.x)
  const proved = await questions.replan(proposal, need)
  // What does not hold when planned again, say because its trips find no time, is no way out.
  if (proved === null || proved.exit !== 0 || proved.value !== 0) return null
  return { ...proposal, proved }
}

