import { SEVERITIES } from '../../cases/cases.js'
import { READINESS_STEPS, unsignedSteps } from '../../facilities/blocks.js'
import { counted, joinTexts, type Text, text } from '../../kernel/text.js'
import { keysOf } from '../../kernel/vocabulary.js'
import { byCodeUnits, sha256 } from '../../kernel/canonical.js'
import { concentrationOf } from '../concentration.js'
import { Facts } from '../facts.js'
import { callList } from '../callList.js'
import { asFound, assumptions, estimatedRides } from '../found.js'
import { startPreparing } from '../preparing.js'
import type { Move, Plan, PlanLevel } from '../plan.js'
import { placeName } from '../sayings.js'
import { type Scenario, scenarioBytes } from '../scenario.js'
import type { EngineName } from '../solve/engine.js'
import { staleFigures } from '../staleness.js'
import type { World } from '../world.js'
import { editLines } from './editLines.js'
import { reasonOf } from './moves.js'
import { bestNext } from './nextBest.js'
import { unplacedOf } from './stays.js'
import { teamProposals } from './teams.js'

export interface ToDescribe {
  readonly world: World
  readonly scenario: Scenario
  /** Null: no plan at all, because orders and musts clash. */
  readonly facts: Facts | null
  readonly levels: readonly PlanLevel[]
  readonly status: 'impossible' | 'outOfTime' | null
  readonly engine: EngineName
  readonly secondOpinion: Plan['secondOpinion']
}

/** The whole plan in words, but for the ways out, which have to be proved by solving again. */
export function describe(ask: ToDescribe): Plan {
  const { world, scenario } = ask
  const facts = ask.facts ?? new Facts(world, { moves: [], trips: [], reserves: [] })
  const moves = ask.facts === null ? [] : explainedMoves(facts)
  const unplaced = ask.facts === null ? unplacedOf(facts).map((line) => ({ ...line, ...NO_PLAN })) : unplacedOf(facts)
  const concentration = concentrationOf(facts)
  const nothing = ask.status === null && moves.length === 0 && unplaced.length === 0
  const status = ask.status ?? (nothing ? 'nothingToDo' : 'planned')
  const opened = new Set(facts.opened())
  const edits = editLines(facts)
  const lead = status === 'impossible' && edits.some(({ carriedOut }) => !carriedOut) ? UNDONE_LEAD : STATUS_LEADS[status]
  return {
    scenario: scenario.name,
    snapshotHash: sha256(scenarioBytes(scenario)),
    asOf: scenario.asOf,
    planDay: scenario.planDay,
    policyEdition: {
      edition: world.edition.edition, title: world.edition.title, effectiveFrom: world.edition.effectiveFrom,
      overridden: Object.keys(scenario.policy).sort(),
    },
    policySources: { ...world.edition.sources },
    lotSeed: scenario.lotSeed,
    engine: ask.engine,
    status,
    summary: ask.facts === null ? CLASHING_ORDERS : summaryOf({ moves, trips: facts.plan.trips.length, opened: opened.size, unplaced: unplaced.length, concentration, lead }),
    levels: [...ask.levels],
    edits,
    moves,
    trips: [...facts.plan.trips],
    teams: ask.facts === null ? [] : teamProposals(facts),
    unplaced,
    reserves: reservesOf(world, opened),
    concentration,
    asFound: asFound(world),
    callList: callList(world),
    stale: staleFigures(world),
    startPreparing: startPreparing(world),
    assumed: [...assumptions(world), ...estimatedRides(world, moves)],
    unmet: [],
    secondOpinion: ask.secondOpinion,
    violations: [],
    material: null,
  }
}

const CLASHING_ORDERS = text(
  '已下达的转运指令与必须满足的规则冲突，排不出方案；冲突与出路见下。',
  'Transfer orders that stand clash with rules that must hold, so there is no plan; the clash and the ways out are below.')

const NO_PLAN = {
  rule: 'ordersStand',
  reason: text('指令与规则冲突，本次没有方案', 'orders and rules clash, so there is no plan'),
}

function explainedMoves(facts: Facts): Move[] {
  const next = bestNext(facts)
  return facts.plan.moves.map((move) => {
    const nextBest = next(move)
    return { ...move, nextBest, reason: reasonOf(facts, { ...move, nextBest }) }
  })
}

function reservesOf(world: World, opened: ReadonlySet<string>): Plan['reserves'] {
  const blocks = Object.entries(world.scenario.blocks).sort(([a], [b]) => byCodeUnits(a, b))
  return blocks.map(([block, row]) => {
    const name = placeName(world, row.place)
    const missing = unsignedSteps(row).map((step) => READINESS_STEPS[step])
    const reason = row.opened
      ? text(`${name.zh}此分区已启用`, `this block of ${name.en} is already open`)
      : opened.has(block)
        ? text(`床位不足，本方案启用${name.zh}此分区，须指挥长批准`, `beds run short: this plan opens the block of ${name.en}; the commander has to approve`)
        : missing.length > 0
          ? text(`${name.zh}此分区未就绪：${joinTexts(missing).zh}未签`, `this block of ${name.en} is not ready: ${joinTexts(missing).en} not signed`)
          : text(`${name.zh}此分区已就绪，本方案用不着`, `this block of ${name.en} is ready; the plan does not need it`)
    return { place: row.place, block, opened: opened.has(block), reason }
  })
}

const STATUS_LEADS: Readonly<Record<Plan['status'], Text>> = {
  planned: text('', ''),
  nothingToDo: text('今日无须转运。', 'Nobody has to be moved today. '),
  impossible: text('所提要求无法全部满足；以下是不含该要求的最好安排，不可直接下达。', 'What is demanded cannot all be met; below is the best without that demand, not to be issued as it stands. '),
  outOfTime: text('时限已到，以下是目前找到的最好方案，未证最优。', 'Out of time: below is the best plan found so far, not proved best. '),
}

const UNDONE_LEAD = text(
  '有人工决定做不到；以下是不含这些决定的最好安排，不可直接下达。',
  'Some hand decisions cannot be carried out; below is the best without them, not to be issued as it stands. ')

function summaryOf(ask: {
  moves: readonly Move[]; trips: number; opened: number; unplaced: number
  concentration: Plan['concentration']; lead: Text
}): Text {
  const { moves, concentration, lead } = ask
  const bySeverity = keysOf(SEVERITIES)
    .map((severity) => ({ severity, count: moves.filter((move) => move.severity === severity).length }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => text(`${SEVERITIES[severity].zh} ${count}`, `${count} ${SEVERITIES[severity].en}`))
  const of = bySeverity.length === 0 ? text('', '') : text(`（${joinTexts(bySeverity).zh}）`, ` (${joinTexts(bySeverity).en})`)
  const share = (c: Plan['concentration']['before']) => `${c.patients.inCentralised.part}/${c.patients.inCentralised.of}`
  const [before, after] = [share(concentration.before), share(concentration.after)]
  const how = tripsOf(moves, ask.trips)
  return text(
    `${lead.zh}转运 ${moves.length} 人${of.zh}，${how.zh}，启用后备分区 ${ask.opened} 个，未安置 ${ask.unplaced} 人；确诊病例集中收治 ${before} → ${after}。`,
    `${lead.en}${counted(moves.length, 'people')} ${moves.length === 1 ? 'moves' : 'move'}${of.en}${how.en}, ${counted(ask.opened, 'reserve blocks')} open, ${ask.unplaced} ${ask.unplaced === 1 ? 'remains' : 'remain'} unplaced; confirmed cases concentrated ${before} → ${after}.`)
}

/** In how many trips; where orders stand, the trips are those of the others only. */
function tripsOf(moves: readonly Move[], trips: number): Text {
  const ordered = moves.filter(({ order }) => order !== null).length
  const newly = moves.length - ordered
  if (ordered === 0) return text(`${trips} 车次`, ` in ${counted(trips, 'trips')}`)
  const rest = text(newly === 0 ? '没有新排的' : `新排 ${newly} 人、${trips} 车次`, newly === 0 ? 'nobody newly' : `${newly} newly, in ${counted(trips, 'trips')}`)
  return newly === 0
    ? text(`均已有指令，${rest.zh}`, `, ${ordered === 1 ? 'by an order that stands' : 'all by orders that stand'}; ${rest.en}`)
    : text(`其中 ${ordered} 人已有指令；${rest.zh}`, `, ${ordered} of them by ${ordered === 1 ? 'an order that stands' : 'orders that stand'}; ${rest.en}`)
}
