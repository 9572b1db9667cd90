import { and, asc, desc, eq, inArray, lte, or, sql } from 'drizzle-orm'
import type { Tx } from '../db/database.js'
import { lyingAtColumns } from '../db/lying.js'
import { rowsOf } from '../db/rows.js'
import type { Reach } from '../kernel/roles.js'
import type { Urgency } from './receivers.js'
import type { RequestState } from './requests.js'
import { materialRequest } from './tables.js'

export type Request = typeof materialRequest.$inferSelect

export const insertRequest = async (tx: Tx, request: Request): Promise<Request> => {
  await tx.insert(materialRequest).values(request)
  return request
}

export const REQUESTS_LIE = lyingAtColumns(materialRequest, ['place'])

export async function requestById(tx: Tx, id: string, isLocked = false): Promise<Request | null> {
  const found = tx.select().from(materialRequest).where(eq(materialRequest.id, id))
  const [request] = await (isLocked ? found.for('no key update') : found)
  return request ?? null
}

/** The next version of a locked request. */
export async function changeRequest(tx: Tx, request: Request, change: Partial<Omit<Request, 'id' | 'version'>>): Promise<Request> {
  const changed = { ...request, ...change, version: request.version + 1 }
  await tx.update(materialRequest).set({ ...change, version: changed.version }).where(eq(materialRequest.id, request.id))
  return changed
}

/** What a place asks for of an item and nobody has answered; null: nothing. */
export async function openRequest(tx: Tx, { place, item }: { place: string; item: string }): Promise<Request | null> {
  const [found] = await tx.select().from(materialRequest)
    .where(and(eq(materialRequest.place, place), eq(materialRequest.item, item), eq(materialRequest.state, 'open'))).orderBy(materialRequest.id).limit(1)
  return found ?? null
}

/** Urgent requests that were open since a moment or longer, the longest first. */
export const urgentOpenSince = (tx: Tx, since: Date): Promise<Request[]> =>
  tx.select().from(materialRequest).where(and(eq(materialRequest.state, 'open'), eq(materialRequest.urgency, 'urgent'), lte(materialRequest.askedAt, since)))
    .orderBy(asc(materialRequest.askedAt), asc(materialRequest.id))

/**
 * Requests that somebody still has to do something about, of a place or everywhere: the open ones, urgent ones first, and
 * those that were approved and that no order answers which stands.
 */
export const requestsInHand = (tx: Tx, place: string | null): Promise<Request[]> =>
  tx.select().from(materialRequest).where(and(
    place === null ? undefined : eq(materialRequest.place, place),
    or(eq(materialRequest.state, 'open'), and(eq(materialRequest.state, 'approved'), sql`not exists (
      select from allocation_order o where o.request = ${materialRequest.id} and o.state in ('issued', 'shipped', 'received'))`)),
  )).orderBy(desc(eq(materialRequest.state, 'open')), desc(eq(materialRequest.urgency, 'urgent')), asc(materialRequest.askedAt), asc(materialRequest.id))

export interface RequestsAsk {
  readonly equal: {
    readonly place: string | undefined
    readonly item: string | undefined
    readonly state: RequestState | undefined
    readonly urgency: Urgency | undefined
  }
  readonly reach: Reach
  /** Whose own requests are seen wherever they are. */
  readonly by: string
  readonly after: { readonly key: string; readonly id: string } | null
  readonly limit: number
}

const { state, urgency, askedAt } = materialRequest
/** Urgent ones that are open come before all others, the newest first. */
const ORDER = sql<string>`((case when ${state} = 'open' and ${urgency} = 'urgent' then '1' else '0' end)
  || to_char(${askedAt} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')) collate "C"`

/** One page of requests, and the key of its last when there are more. */
export async function listRequests(tx: Tx, { equal, reach, by, after, limit }: RequestsAsk): Promise<{ requests: Request[]; next: { key: string; id: string } | null }> {
  const id = sql`${materialRequest.id} collate "C"`
  const rows = await tx.select({ request: materialRequest, key: ORDER }).from(materialRequest).where(and(
    ...(Object.entries(equal) as [keyof typeof equal, string | undefined][]).map(([field, value]) => (value === undefined ? undefined : sql`${materialRequest[field]} = ${value}`)),
    reach.isCity ? undefined : or(inArray(materialRequest.place, [...reach.places]), eq(materialRequest.askedBy, by)),
    after === null ? undefined : sql`(${ORDER}, ${id}) < (${after.key}, ${after.id})`,
  )).orderBy(desc(ORDER), desc(id)).limit(limit + 1)
  const last = rows.length > limit ? rows[limit - 1] : undefined
  return { requests: rows.slice(0, limit).map(({ request }) => request), next: last === undefined ? null : { key: last.key, id: last.request.id } }
}

/** So many base units, and who last added to them when; nought and nobody where nothing was. */
export interface Moved {
  readonly units: number
  readonly at: Date | null
  readonly by: string | null
}

export interface Sent {
  readonly shipped: Moved
  readonly received: Moved
}

const NOTHING: Moved = { units: 0, at: null, by: null }

/**
 * What was put on the road for requests, and what of it was accepted at the door, by request: of the item, or of what
 * stands in for it. Allocation orders are another room's tables, named and not imported.
 */
export async function sentFor(tx: Tx, requests: readonly string[]): Promise<(request: string) => Sent> {
  const sent = new Map<string, Sent>()
  if (requests.length > 0) {
    const rows = await rowsOf<{ request: string; step: 'ship' | 'receive'; units: number; at: number; by: string }>(tx, sql`
      with line as (
        select o.request, s.step, sum(case s.step when 'ship' then l.shipped else l.accepted end)::float8 as units
        from material_request r join allocation_order o on o.request = r.id join allocation_line l on l.order_id = o.id
          cross join (values ('ship'), ('receive')) as s(step)
        where r.id in (${sql.join(requests.map((id) => sql`${id}`), sql`, `)}) and r.item in (l.item, coalesce(l.substitute_for, l.item))
        group by o.request, s.step
      ) select line.*, (extract(epoch from e.at) * 1000)::float8 as at, e.recorded_by as by from line
        cross join lateral (select e.at, e.recorded_by from allocation_event e join allocation_order o on o.id = e.order_id
          where o.request = line.request and e.step = line.step order by e.at desc, e.recorded_at desc, e.order_id desc limit 1) e
      where units is not null`)
    for (const { request, step, units, at, by } of rows) {
      const { shipped, received } = sent.get(request) ?? { shipped: NOTHING, received: NOTHING }
      const moved = { units, at: new Date(at), by }
      sent.set(request, step === 'ship' ? { shipped: moved, received } : { shipped, received: moved })
    }
  }
  return (request) => sent.get(request) ?? { shipped: NOTHING, received: NOTHING }
}

/**
 * Base units that orders which stand carry for a request, of its item or of what stands in for it: what was shipped, and
 * before that what was ordered. What was cancelled, or was lost on the way, may be ordered again.
 */
export async function orderedFor(tx: Tx, request: string): Promise<number> {
  const [row] = await rowsOf<{ units: number }>(tx, sql`
    select coalesce(sum(case o.state when 'issued' then l.ordered else l.shipped end), 0)::float8 as units
    from material_request r join allocation_order o on o.request = r.id join allocation_line l on l.order_id = o.id
    where r.id = ${request} and o.state in ('issued', 'shipped', 'received') and r.item in (l.item, coalesce(l.substitute_for, l.item))`)
  return row?.units ?? 0
}
