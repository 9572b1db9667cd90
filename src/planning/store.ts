import { and, desc, eq, gt, inArray, lt, type SQL, sql } from 'drizzle-orm'
import type { Severity, Status } from '../cases/cases.js'
import type { Tx } from '../db/database.js'
import { readJournal } from '../db/journal.js'
import { currentRecord, recordKind } from '../db/records.js'
import { rowsOf } from '../db/rows.js'
import { invariant } from '../kernel/invariant.js'
import type { Detail } from '../kernel/refusal.js'
import { type Text, text } from '../kernel/text.js'
import { type Day, instantOf } from '../kernel/time.js'
import { unknownDiagnosis } from './faults/people.js'
import { checkPolicy } from './faults/settings.js'
import type { Policy } from './policy.js'
import { type Settings } from './scenario.js'
import { type KeptRequest, RUN_STATES, type RunState } from './runs.js'
import { planRun, planRunEvent, planSettings } from './tables.js'

export const SETTINGS = recordKind<Settings>('settings', planSettings)
/** The one record of the settings. */
export const CITY = 'city'

/** The policy in force on a day, as the city has laid its own settings over it; null: none is. */
export async function policyOn(tx: Tx, day: Day): Promise<Policy | null> {
  const settings = await currentRecord(tx, SETTINGS, CITY)
  return checkPolicy({ planDay: day, policy: settings?.body.policy ?? {} }, () => undefined)
}

/** What of a diagnosis the policy of that day does not know; null: nothing. */
export async function diagnosisFault(tx: Tx, { day, status, severity }: { day: Day; status: string; severity: string }): Promise<Detail | null> {
  const policy = await policyOn(tx, day)
  const fault = policy === null ? null : unknownDiagnosis(policy, { status: status as Status, severity: severity as Severity })
  return fault === null ? null : { pointer: `/${fault.field}`, want: fault.want }
}

/** Told to whoever listens when a run changes; the payload is its id. */
export const RUN_CHANNEL = 'plan_run'

/** A run without its snapshot and plan, which are long. */
const { snapshot: _snapshot, plan: _plan, ...SHORT } = {
  id: planRun.id, version: planRun.version, state: planRun.state, request: planRun.request,
  requestedAt: planRun.requestedAt, requestedBy: planRun.requestedBy, fence: planRun.fence,
  claimedBy: planRun.claimedBy, claimedAt: planRun.claimedAt, done: planRun.done, of: planRun.of, title: planRun.title,
  snapshot: planRun.snapshot, snapshotHash: planRun.snapshotHash, plan: planRun.plan, planHash: planRun.planHash,
  exit: planRun.exit, milliseconds: planRun.milliseconds, reasons: planRun.reasons, finishedAt: planRun.finishedAt,
}
export type Run = Omit<typeof planRun.$inferSelect, 'snapshot' | 'plan' | 'leaseUntil' | 'tries' | 'basedOn'>

export interface RunEvent {
  readonly seq: number
  readonly kind: string
  readonly data: Readonly<Record<string, unknown>>
}

const tell = (tx: Tx, id: string) => tx.execute(sql`select pg_notify(${RUN_CHANNEL}, ${id})`)

/** One change is one version, one event, and one word to whoever listens. */
async function record(tx: Tx, run: Run, at: Date): Promise<Run> {
  const { id, version, state, done, of, title, reasons } = run
  const data = { id, state, done, of, title, ...(reasons === null ? {} : { reasons }) }
  await tx.insert(planRunEvent).values({ run: id, seq: version, at, kind: state, data })
  await tell(tx, id)
  return run
}

interface Change {
  readonly state?: RunState
  readonly [field: string]: unknown
}

async function change(tx: Tx, where: SQL | undefined, set: Change, at: Date): Promise<Run | null> {
  const [run] = await tx.update(planRun).set({ ...set, version: sql`${planRun.version} + 1` }).where(where).returning(SHORT)
  return run === undefined ? null : record(tx, run, at)
}

/** A request for a plan, waiting for whoever computes. */
export async function queueRun(tx: Tx, run: { id: string; request: KeptRequest; by: string; at: Date }): Promise<Run> {
  const [queued] = await tx.insert(planRun).values({
    id: run.id, version: 1, state: 'queued', request: run.request, requestedAt: run.at, requestedBy: run.by, fence: 0, done: 0, of: 0,
  }).returning(SHORT)
  invariant(queued !== undefined, 'an insert returns its row')
  return record(tx, queued, run.at)
}

/** Any number, as long as nothing else is locked by it. */
const REQUESTERS = 442_027

/** How many runs of one account or key wait. Until the transaction ends nobody puts down another one for them. */
export async function waitingRunsOf(tx: Tx, by: string): Promise<number> {
  await tx.execute(sql`select pg_advisory_xact_lock(${REQUESTERS}::integer, hashtext(${by}))`)
  const [row] = await rowsOf<{ runs: number }>(tx, sql`select count(*)::int as runs from ${planRun} where state = 'queued' and requested_by = ${by}`)
  return row?.runs ?? 0
}

/** How often a run is begun before it is given up: whoever computed it died each time. */
const TRIES_MAX = 3

/** Seconds without a heartbeat after which whoever computes a run counts as dead; by the database's clock, one for all machines. */
const LEASE = sql`now() + interval '15 seconds'`

const isWaiting = sql`(r.state = 'queued' or (r.state = 'running' and r.lease_until < now()))`

/** When whoever asked for a run had their last turn; one whose worker died was none. */
const LAST_TURN = sql`(select max(other.claimed_at) from ${planRun} as other where other.requested_by = r.requested_by and other.id <> r.id)`

/**
 * A run that waits, or whose worker is dead, is now this worker's: the oldest of whoever has waited for a turn the longest, so
 * that nobody waits behind all that somebody else asks for. The fence keeps the dead one's result out.
 */
export async function claimRun(tx: Tx, worker: string, at: Date): Promise<Run | null> {
  const [next] = await rowsOf<{ id: string; fence: number; tries: number }>(tx, sql`
    select id, fence, tries from ${planRun} as r where state in ('queued', 'running') and ${isWaiting}
    order by ${LAST_TURN} nulls first, requested_at, id for update skip locked limit 1`)
  if (next === undefined) return null
  if (next.tries >= TRIES_MAX) {
    const reasons = [text(`计算了 ${TRIES_MAX} 次，每次都中断`, `it was begun ${TRIES_MAX} times, and broke off each time`)]
    await change(tx, eq(planRun.id, next.id), { state: 'failed', leaseUntil: null, reasons, finishedAt: at }, at)
    return null
  }
  return change(tx, eq(planRun.id, next.id), {
    state: 'running', fence: next.fence + 1, tries: next.tries + 1, claimedBy: worker, claimedAt: at, leaseUntil: LEASE, done: 0, of: 0, title: null,
  }, at)
}

export interface Claim {
  readonly id: string
  readonly fence: number
}

const isOurs = ({ id, fence }: Claim) => and(eq(planRun.id, id), eq(planRun.fence, fence), eq(planRun.state, 'running'))

/** false: the run is no longer ours, cancelled or given to another. */
export async function beat(tx: Tx, claim: Claim): Promise<boolean> {
  const kept = await tx.update(planRun).set({ leaseUntil: LEASE }).where(isOurs(claim)).returning({ id: planRun.id })
  return kept.length > 0
}

export const reportProgress = (tx: Tx, claim: Claim, progress: { done: number; of: number; title: Text }, at: Date): Promise<Run | null> =>
  change(tx, isOurs(claim), { ...progress, leaseUntil: LEASE }, at)

export interface Result {
  readonly snapshot: string
  readonly snapshotHash: string
  readonly plan: string
  readonly planHash: string
  readonly exit: number
  readonly milliseconds: Readonly<Record<string, number>>
}

/** The draft, unless the run was cancelled or given to another meanwhile. */
export const finishRun = (tx: Tx, claim: Claim, result: Result, at: Date): Promise<Run | null> =>
  change(tx, isOurs(claim), { state: 'done', leaseUntil: null, ...result, finishedAt: at }, at)

export const failRun = (
  tx: Tx, claim: Claim, failure: { reasons: readonly Text[]; snapshot: string | null; snapshotHash: string | null }, at: Date,
): Promise<Run | null> => change(tx, isOurs(claim), { state: 'failed', leaseUntil: null, ...failure, finishedAt: at }, at)

/** Whoever computed it is ended in order: it waits for the next, and has not been tried. */
export const releaseRun = (tx: Tx, claim: Claim, at: Date): Promise<Run | null> =>
  change(tx, isOurs(claim), { state: 'queued', leaseUntil: null, claimedBy: null, claimedAt: null, tries: sql`greatest(${planRun.tries} - 1, 0)` }, at)

/** Null: it is over already. Whoever computes it notices by its next heartbeat. */
export const cancelRun = (tx: Tx, id: string, at: Date): Promise<Run | null> =>
  change(tx, and(eq(planRun.id, id), inArray(planRun.state, ['queued', 'running'])), { state: 'cancelled', leaseUntil: null, finishedAt: at }, at)

export async function runById(tx: Tx, id: string): Promise<Run | null> {
  const [run] = await tx.select(SHORT).from(planRun).where(eq(planRun.id, id))
  return run ?? null
}

/** In what state a run is and since when; of one that was cancelled also by whom, for whoever came second. */
export async function howItEnded(tx: Tx, { id, state, finishedAt }: Run): Promise<Text> {
  const { zh, en } = RUN_STATES[state as RunState]
  if (finishedAt === null) return text(zh, en)
  const at = instantOf(finishedAt)
  const [deed] = state === 'cancelled' ? await readJournal(tx, { action: 'plan.cancelled', kind: 'plan-runs', subject: id, below: null, limit: 1 }) : []
  return deed === undefined ? text(`${zh}（${at}）`, `${en} at ${at}`) : text(`${zh}（${deed.actor}，${at}）`, `${en} by ${deed.actor} at ${at}`)
}

/** Everybody who made part of a plan: who asked for it, and who asked for the drafts that it was edited from. */
export async function makersOf(tx: Tx, id: string): Promise<string[]> {
  const rows = await rowsOf<{ by: string }>(tx, sql`
    with recursive made as (
      select id, based_on, requested_by from ${planRun} where id = ${id}
      union select r.id, r.based_on, r.requested_by from ${planRun} r join made m on r.id = m.based_on)
    select distinct requested_by as by from made order by by`)
  return rows.map(({ by }) => by)
}

/** The plan's and the snapshot's bytes as they were computed; null while there is no plan. */
export async function planOf(tx: Tx, id: string): Promise<{ plan: string; snapshot: string } | null> {
  const [run] = await tx.select({ plan: planRun.plan, snapshot: planRun.snapshot }).from(planRun).where(eq(planRun.id, id))
  return run?.plan == null || run.snapshot === null ? null : { plan: run.plan, snapshot: run.snapshot }
}

/** Runs, the newest first. */
export const listRuns = (tx: Tx, ask: { state: RunState | undefined; after: string | null; limit: number }): Promise<Run[]> =>
  tx.select(SHORT).from(planRun).where(and(
    ask.state === undefined ? undefined : eq(planRun.state, ask.state),
    ask.after === null ? undefined : lt(planRun.id, ask.after),
  )).orderBy(desc(planRun.id)).limit(ask.limit)

export const eventsAfter = (tx: Tx, id: string, seq: number): Promise<RunEvent[]> =>
  tx.select({ seq: planRunEvent.seq, kind: planRunEvent.kind, data: planRunEvent.data }).from(planRunEvent)
    .where(and(eq(planRunEvent.run, id), gt(planRunEvent.seq, seq))).orderBy(planRunEvent.seq).limit(500)
