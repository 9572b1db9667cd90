import type { Phone } from '../access/phone.js'
import { type Act, matchVersionIfGiven } from '../db/act.js'
import { isSamePost } from '../kernel/ids.js'
import { invariant } from '../kernel/invariant.js'
import { type Detail, notFound, refuse, Refused } from '../kernel/refusal.js'
import { text } from '../kernel/text.js'
import { dayOf } from '../kernel/time.js'
import { type Plan, planSchema } from '../planning/plan.js'
import { restsOnIn } from '../planning/runs.js'
import { howItEnded, planOf, type Run, runById } from '../planning/store.js'

/** What is common to deciding on the transfers of a plan and on its material. */

/** The run, if it has a plan, in the version that the asker saw. Refuses: notFound, noPlan, changedMeanwhile. */
export async function doneRun(act: Act, id: string): Promise<Run> {
  const run = await runById(act.tx, id)
  if (run === null) throw notFound(id)
  if (run.state !== 'done') {
    const { zh, en } = await howItEnded(act.tx, run)
    throw refuse('noPlan', `此次计算${zh}，没有方案可批准`, `the run is ${en}; there is no plan that could be approved`)
  }
  matchVersionIfGiven(act, run)
  return run
}

/** The plan of a run that is done, and the bytes of what it was computed from. Refuses: planIsImpossible, planIsStale where it rests on a way out that is not so yet. */
export async function possiblePlanOf(act: Act, run: Run): Promise<{ plan: Plan; snapshot: string }> {
  if (run.exit === 3) throw refuse('planIsImpossible', '方案标明做不到，或达不到所要求的目标；请落实一条出路并上报，再求方案；以 wayOut 可先试排', 'the plan says itself that it cannot be done, or that a demand fails; carry a way out through, report it and plan again; wayOut tries it before')
  checkNotTrial(run)
  const found = await planOf(act.tx, run.id)
  invariant(found !== null, 'a run that is done has its plan')
  const plan = planSchema.parse(JSON.parse(found.plan))
  if (plan.edits.some(({ carriedOut }) => !carriedOut)) {
    throw refuse('planIsImpossible', '时限内有人工决定未能照办；请多给时间，或撤销该决定，再求方案', 'a hand decision was not carried out within the time; ask again with more of it, or without the decision')
  }
  return { plan, snapshot: found.snapshot }
}

/** What a plan was tried with is a proposal to somebody, and no picture of what there is. */
function checkNotTrial({ request }: Pick<Run, 'request'>): void {
  const details = restsOnIn(request).map(({ text: want }, at) => ({ pointer: `restsOn/${at}`, want }))
  if (details.length === 0) return
  throw new Refused({
    code: 'planIsStale', details,
    text: text('方案据尚未落实的出路试排；请先落实所列各项并上报，再求方案', 'the plan was tried with ways out that are not so yet; carry out what is listed, report it, and ask for a plan anew'),
  })
}

/** A day that is over is no day for which the present could be looked at, and nothing could be struck. Refuses: planIsStale. */
export function checkDayNotOver({ planDay }: Pick<Plan, 'planDay'>, now: Date): void {
  if (dayOf(now) <= planDay) return
  throw new Refused({
    code: 'planIsStale', details: [{ pointer: 'planDay', want: text(`方案是 ${planDay} 的，这一天已过`, `the plan is for ${planDay}, which is over`) }],
    text: text('方案的日子已过，请重新求方案', 'the day of the plan is over; ask for a new plan'),
  })
}

/** Refuses: planIsStale, with each line that can no longer be issued. */
export function checkNotStale(details: readonly Detail[]): void {
  if (details.length === 0) return
  throw new Refused({
    code: 'planIsStale', details,
    text: text('方案据以算出的情况已变；划去所列各行，或重新求方案', 'what the plan was computed from has changed; strike what is listed, or ask for a new plan'),
  })
}

/** Neither who decides nor who is named as having decided by phone made any of it: asked for it, or for a draft that it was edited from. */
export function checkNotOwn(act: Act, makers: readonly string[], { phone }: { readonly phone?: Phone | undefined }): void {
  const deciders = [act.by, phone?.answeredPost].filter((post) => post !== undefined)
  const maker = makers.find((one) => deciders.some((post) => isSamePost(post, one)))
  if (maker === undefined) return
  throw refuse('ownPlan', `此方案由 ${maker} 提出，或由其方案改成，须由他人批准`, `${maker} asked for this plan, or for a draft that it was edited from; somebody else approves it`)
}

/** Who approves, and when: `called`, where it was by phone. */
export function approverOf(act: Act, { phone }: { readonly phone?: Phone | undefined }, called: Date | null): { approvedAt: Date; approvedBy: string; phone: Phone | null } {
  if (phone === undefined || called === null) return { approvedAt: act.at, approvedBy: act.by, phone: null }
  return { approvedAt: called, approvedBy: phone.answeredPost, phone }
}
