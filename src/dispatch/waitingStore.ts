import { type SQL, sql } from 'drizzle-orm'
import { type Person, SEVERITIES, type Severity } from '../cases/cases.js'
import { CASES } from '../cases/store.js'
import type { Tx } from '../db/database.js'
import { seenIn } from '../db/records.js'
import { rowsOf } from '../db/rows.js'
import { EVERYWHERE, type Reach } from '../kernel/roles.js'
import { keysOf } from '../kernel/vocabulary.js'
import { CLOCK } from './clockwork.js'
import { isLive, LIVE, type State } from './orders.js'
import { issuedPlan, transferOrder } from './tables.js'
import { type Deed, type Fall, type FallenOut, fallOf, FELL_STATES, type Waiting } from './waiting.js'

/** Steps that end an order for its patient; what comes after them, as a vehicle that is clean or a relief that is lifted, ends nothing. */
const ENDINGS = sql`('arrive', 'die', 'turnBack', 'uphold', 'cancel', 'unwilling', 'expire')`
const statesIn = (states: readonly State[]): SQL => sql`(${sql.join(states.map((state) => sql`${state}`), sql`, `)})`
const LIVE_STATES = statesIn(LIVE)
const NOT_OUT = statesIn(LIVE.filter((state) => state !== 'dispatched'))

const ms = (moment: SQL): SQL => sql`(extract(epoch from ${moment}) * 1000)::float8`

/** A place of the worst first, and in it the longest wait. */
const RANK = sql`case r.body ->> 'severity' ${sql.join(keysOf(SEVERITIES).map((severity, rank) => sql`when ${severity} then ${sql.raw(String(rank))}`), sql` `)} end`
const SINCE = sql`(r.body ->> 'waitingSince')::timestamptz`
const KEY = sql`(${RANK} || to_char(${SINCE} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')) collate "C"`

/** An order as the clock has it at `at`. */
const stateSeen = (at: string): SQL => sql`case when o.state in ${NOT_OUT} and o.deadline <= ${at} then 'expired'
  when o.state = 'issued' and o.answer_by <= ${at} then 'accepted' else o.state end`

interface Row {
  id: string; body: Person; since: number; key: string; place: string | null; pool: string | null
  order: string | null; state: State; fromPlace: string; toPlace: string | null; toPool: string | null; outside: string | null
  deadline: number | null; endedAt: number | null; endedBy: string | null; endedNote: string | null
  plan: string | null; struckAt: number; struckBy: string; reason: string
  positiveAt: number | null; positiveBy: string
}

/** Those of `who`, rows of people who wait and where they lie, each with what was last decided for them. */
const withDecisions = (who: SQL, at: string, more: SQL): SQL => sql`
  select w.id, w.body, w.since, w.key, w.place, w.pool,
    o.id as "order", o.seen as state, o.from_place as "fromPlace", o.to_place as "toPlace", o.pool as "toPool", o.outside, ${ms(sql`o.deadline`)} as deadline,
    ${ms(sql`e.at`)} as "endedAt", e.recorded_by as "endedBy", e.note as "endedNote",
    k.plan, ${ms(sql`k.approved_at`)} as "struckAt", k.approved_by as "struckBy", k.reason,
    ${ms(sql`p.began_at`)} as "positiveAt", p.began_recorded_by as "positiveBy"
  from (${who}) w
  left join lateral (
    select * from (select o.*, ${stateSeen(at)} as seen from ${transferOrder} o where o.patient = w.id) o
    order by o.seen in ${LIVE_STATES} desc, o.issued_at desc, o.id collate "C" desc limit 1) o on true
  left join lateral (
    select e.at, e.recorded_by, e.note from order_event e where e.order_id = o.id and e.step in ${ENDINGS} order by e.seq desc limit 1) e on true
  left join lateral (
    select k.id as plan, k.approved_at, k.approved_by, line ->> 'reason' as reason from ${issuedPlan} k, jsonb_array_elements(k.struck) line
    where k.struck @> jsonb_build_array(jsonb_build_object('patient', w.id)) and line ->> 'patient' = w.id
      and (o.id is null or k.recorded_at >= o.issued_at)
      and exists (select from stay s where s.case_id = w.id and s.place = w.place and s.began_at <= k.recorded_at and (s.ended_at is null or s.ended_at > k.recorded_at))
    order by k.recorded_at desc, k.id desc limit 1) k on true
  left join lateral (
    select s.began_at, s.began_recorded_by, s.place from contact c join stay s on s.case_id = c."case"
    where c."case" = w.id and o.id is null order by s.began_at limit 1) p on p.place = w.place
  ${more}`

const waits = (reach: Reach, more: SQL): SQL => sql`
  select r.id, r.body, ${ms(SINCE)} as since, ${KEY} as key, s.place, s.pool
  from care_case r left join stay s on s.case_id = r.id and s.ended_at is null
  where r.body ->> 'waitingSince' is not null and ${seenIn(CASES, reach)} ${more}`

const IN_ORDER = sql`order by w.key, w.id collate "C"`

const waitingOf = (row: Row, now: Date): Waiting => ({
  patient: row.id, person: row.body, waitingSince: new Date(row.since), place: row.place, pool: row.pool,
  last: row.order === null ? null : {
    id: row.order, state: row.state, fromPlace: row.fromPlace, toPlace: row.toPlace, pool: row.toPool, outside: row.outside, end: endOf(row, now),
  },
  struck: row.plan === null ? null : { plan: row.plan, at: new Date(row.struckAt), by: row.struckBy, note: row.reason },
  positive: row.positiveAt === null ? null : { at: new Date(row.positiveAt), by: row.positiveBy, note: null },
})

/** What ended an order; nobody has written down yet that the clock did. */
function endOf({ state, deadline, endedAt, endedBy, endedNote }: Row, now: Date): Deed | null {
  // Somebody said later that it had left in time: what the clock said ended nothing.
  if (isLive(state)) return null
  if (endedAt !== null && endedBy !== null) return { at: new Date(endedAt), by: endedBy, note: endedNote }
  return state === 'expired' ? { at: deadline === null ? now : new Date(deadline), by: CLOCK, note: null } : null
}

export interface WaitingAsk {
  /** The moment for which the clock is asked what the states are. */
  readonly now: Date
  readonly reach: Reach
  readonly unit: string | undefined
  readonly severity: Severity | undefined
  readonly place: string | undefined
  /** The key and id behind which the page begins. */
  readonly after: { readonly key: string; readonly id: string } | null
  readonly limit: number
}

/** One page of those who wait, the severest first and of these whoever has waited longest, and the key of its last when there are more. */
export async function listWaiting(tx: Tx, { now, reach, unit, severity, place, after, limit }: WaitingAsk): Promise<{ waiting: Waiting[]; next: { key: string; id: string } | null }> {
  const wanted = sql`
    ${unit === undefined ? sql`` : sql`and r.body ->> 'unit' = ${unit}`} ${severity === undefined ? sql`` : sql`and r.body ->> 'severity' = ${severity}`}
    ${place === undefined ? sql`` : sql`and s.place = ${place}`} ${after === null ? sql`` : sql`and (${KEY}, r.id collate "C") > (${after.key}, ${after.id})`}
    order by key, r.id collate "C" limit ${limit + 1}`
  const rows = await rowsOf<Row>(tx, withDecisions(waits(reach, wanted), now.toISOString(), IN_ORDER))
  const page = rows.slice(0, limit)
  const last = rows.length > limit ? page.at(-1) : undefined
  return { waiting: page.map((row) => waitingOf(row, now)), next: last === undefined ? null : { key: last.key, id: last.id } }
}

const WITHOUT_ORDER = sql`(o.id is null or o.seen not in ${LIVE_STATES})`

/** Everybody who waits and has no order that stands, in the same order; who fell out of the plans, and how. */
export async function peopleWithoutOrder(tx: Tx, now: Date): Promise<{ waiting: Waiting; fall: Fall | null }[]> {
  const rows = await rowsOf<Row>(tx, withDecisions(waits(EVERYWHERE, sql``), now.toISOString(), sql`where ${WITHOUT_ORDER} ${IN_ORDER}`))
  return rows.map((row) => waitingOf(row, now)).map((waiting) => ({ waiting, fall: fallOf(waiting) }))
}

/** Those of them who fell out of the plans. */
export async function peopleFallen(tx: Tx, now: Date): Promise<FallenOut[]> {
  const may = sql`where ${WITHOUT_ORDER} and (o.seen in ${statesIn(FELL_STATES)} or k.plan is not null or p.place is not null) ${IN_ORDER}`
  const rows = await rowsOf<Row>(tx, withDecisions(waits(EVERYWHERE, sql``), now.toISOString(), may))
  return rows.flatMap((row) => {
    const waiting = waitingOf(row, now)
    const fall = fallOf(waiting)
    return fall === null ? [] : [{ waiting, fall }]
  })
}
