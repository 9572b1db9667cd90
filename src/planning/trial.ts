import { invariant } from '../kernel/invariant.js'
import { mergePatch } from '../kernel/mergePatch.js'
import type { Detail } from '../kernel/refusal.js'
import { text } from '../kernel/text.js'
import type { MaterialWay } from './material/plan.js'
import { type Plan, planSchema, type WayOut } from './plan.js'
import { type KeptRequest, requestIn, type RestsOn, restsOnIn, type RunRequest } from './runs.js'
import { scenarioIn } from './scenario.js'

/** A way out of a want of beds or rides, or of one of material. */
type Way = Pick<WayOut | MaterialWay, 'id' | 'text' | 'patch'>

/** The run whose way out is tried, with the bytes that it came to. */
export interface TrialBase {
  readonly id: string
  readonly request: KeptRequest
  readonly plan: string
  readonly snapshot: string
}

function waysIn(bytes: string): Way[] {
  const { unmet, material }: Plan = planSchema.parse(JSON.parse(bytes))
  return [...unmet.flatMap(({ waysOut }) => waysOut), ...material?.waysOut ?? []]
}

function wayIn({ plan }: Pick<TrialBase, 'plan'>, id: string | null): Way {
  const way = waysIn(plan).find((one) => one.id === id)
  invariant(way !== undefined, 'the way out was looked for when it was asked for')
  return way
}

/** What is wrong with a request to try a way out, by its place in the request. `base`: null where it is named and has no plan. */
export function trialFaults({ wayOut, basedOn, asOf, planDay, policy, require, edits }: RunRequest, base: TrialBase | null): Detail[] {
  if (wayOut === null) return []
  if (basedOn === null) return [{ pointer: '/basedOn', want: text('写明是哪次计算的出路', 'name the run whose way out is tried') }]
  // All of this is as it was there: otherwise nobody could say what the way out does.
  const isSaid = { asOf: asOf !== null, planDay: planDay !== null, policy: Object.keys(policy).length > 0, require: require !== null, edits: edits.length > 0 }
  const said = Object.entries(isSaid).filter(([, one]) => one).map(([field]) =>
    ({ pointer: `/${field}`, want: text('试出路时沿用 basedOn 那次计算的，不另写', 'a way out is tried on what the run named by basedOn was computed from: leave this out') }))
  const offered = base === null ? [wayOut] : [...new Set(waysIn(base.plan).map(({ id }) => id))]
  return offered.includes(wayOut) ? said : [...said, { pointer: '/wayOut', want: offered.length === 0
    ? text('那次计算没有出路可试', 'that run has no way out that could be tried')
    : text(`那次计算没有此出路；可用：${offered.join('、')}`, `that run has no such way out; it has ${offered.join(', ')}`) }]
}

/** The request as it is kept: asked as its base was, with all that is not so yet and that it rests on. */
export function trialRequest(request: RunRequest, base: TrialBase): KeptRequest {
  const { asOf, planDay, policy, require } = requestIn(base.request)
  const way = wayIn(base, request.wayOut)
  // A decision by hand that is withdrawn is nothing that could be so or not: the plan is simply made without it.
  const isDecision = Object.keys(way.patch).every((table) => table === 'edits')
  const own: RestsOn[] = isDecision ? [] : [{ run: base.id, wayOut: way.id, text: way.text }]
  return { ...request, asOf, planDay, policy, require, restsOn: [...restsOnIn(base.request), ...own] }
}

/** What a run that tries a way out is computed from: the snapshot of its base, as it would be then. To be validated. */
export const trialPicture = (wayOut: string, base: Pick<TrialBase, 'plan' | 'snapshot'>): unknown =>
  mergePatch(scenarioIn(base.snapshot), wayIn(base, wayOut).patch)
