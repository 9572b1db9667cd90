import { type Act, done, needs, No, note, when } from './modelAct.js'
import { differences } from './modelCompare.js'
import { Ground } from './modelGround.js'
import { brokenBy } from './modelMusts.js'
import { knownOf, requestOf, runOut } from './modelOut.js'
import { isPlannable, pictureAt, scenarioOf, snapshotOf } from './modelPicture.js'
import { linesOf, movesOf } from './modelPlans.js'
import type { Draftable, Run } from './modelState.js'
import { type Answered, dayOf, type Fields, read } from './modelWords.js'

/** So many of one post may wait. */
const IN_LINE = 5

export function askForPlan(act: Act, request: Fields): Answered {
  const at = when(act, request['asOf'])
  needs(isPlannable(String(request['planDay'] ?? dayOf(at))), 'wrongReference')
  // What nobody has computed or cancelled stands in the line.
  const inLine = [...act.state.runs.values()].filter(({ by, cancelled, computed: isComputed }) => by === act.by && cancelled === null && isComputed === null)
  needs(inLine.length < IN_LINE, 'tooManyTries')
  const run: Run = { id: act.given.id, request, by: act.by, at: act.state.now, cancelled: null, computed: null, draft: null }
  act.state.runs.set(run.id, run)
  note(act, 'plan.asked', 'plan-runs', run.id)
  return done(runOut(run), 202)
}

export function cancelPlanRun(act: Act, id: string): Answered {
  const run = act.state.runs.get(id)
  if (run === undefined) throw new No('notFound')
  needs(run.cancelled === null && run.computed === null, 'runIsOver')
  const after = { ...run, cancelled: act.state.now }
  act.state.runs.set(id, after)
  note(act, 'plan.cancelled', 'plan-runs', id)
  return done(runOut(after))
}

/** What was read of a run that somebody has computed; without plan and snapshot where there are none. */
export interface Read { readonly run: Fields; readonly plan: Fields | null; readonly snapshot: Fields | null }

/** Which picture a request asks for, as a scenario; null where there is none, so that the run has to fail. */
function asked(state: Draftable, { request }: Run): { scenario: Fields; ground: Ground } | null {
  const { asOf, planDay, policy, require } = requestOf(request)
  const past = asOf === null ? {} : { asOf: String(asOf) }
  const picture = pictureAt(state, past, planDay === null ? null : String(planDay))
  const scenario = scenarioOf(picture, past.asOf)
  if (scenario === null) return null
  return { scenario: { ...scenario, policy: { ...scenario['policy'] as Fields, ...policy as Fields }, require: require ?? scenario['require'] }, ground: new Ground(picture) }
}

/**
 * A plan is not the model's to make, but to judge: it has to be of the picture that the model has, break no must, carry
 * out every order that stands, and leave nobody in two places. Whoever approves it is predicted from it.
 */
export function computed(state: Draftable, id: string, { run, plan, snapshot }: Read): string[] {
  const before = state.runs.get(id)
  if (before === undefined) return [`run ${id} was never asked for`]
  const expected = asked(state, before)
  const after: Run = {
    ...before, computed: { at: state.now, version: Number(run['version']) },
    draft: plan === null || expected === null ? null : { exit: Number(run['exit']), plan, picture: expected.scenario },
  }
  state.runs.set(id, after)
  const found = differences('run', knownOf(run), runOut(after))
  if (expected === null || plan === null || found.length > 0) return [...found, ...((plan === null) === (expected === null) ? [] : [`a plan of what is ${expected === null ? 'no' : 'a'} scenario: ${JSON.stringify(run['reasons'])}`])]
  const wrong = differences('snapshot', snapshot, snapshotOf(expected.scenario))
  return wrong.length > 0 ? wrong : judged(expected.ground, plan)
}

function judged(ground: Ground, plan: Fields): string[] {
  const moves = movesOf(plan)
  const people = moves.map(({ patient }) => patient)
  const standing = moves.filter(({ order }) => order !== null)
  const orders = Object.entries(ground.picture.orders)
  const isKept = ([id, { patient, pool }]: [string, Fields]) => standing.some((move) => move.order === id && move.patient === patient && move.pool === pool)
  const isClash = plan['status'] === 'impossible' && moves.length === 0
  return [
    ...brokenBy(ground, linesOf(plan, new Set())).map(({ rule, subject, how }) => `the plan breaks ${rule} at ${subject} ${how}`),
    ...(new Set(people).size === people.length ? [] : ['somebody goes to two places']),
    ...(isClash || orders.every(isKept) ? [] : ['an order that stands is not kept']),
    ...(standing.every(({ order }) => ground.picture.orders[order ?? ''] !== undefined) ? [] : ['the plan has an order that nobody issued']),
    ...(read(plan['asOf']) === ground.picture.asOf ? [] : [`the plan is of ${String(plan['asOf'])}`]),
  ]
}
