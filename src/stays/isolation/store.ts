import { and, asc, count, desc, eq, gt, gte, inArray, isNotNull, isNull, lte, or, type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/database.js'
import { recordsAsTold, type Span } from '../../db/history.js'
import { type Lying, lyingAt } from '../../db/lying.js'
import { COLUMNS, isOneOf, type Past, type RawRecord, type Recorded, recordedOf, recordKind } from '../../db/records.js'
import { rowsOf } from '../../db/rows.js'
import { recordVersion } from '../../db/tables.js'
import type { Recording } from '../../kernel/clock.js'
import { invariant } from '../../kernel/invariant.js'
import type { Refusal } from '../../kernel/refusal.js'
import { remembered } from '../../kernel/remembered.js'
import type { Reach } from '../../kernel/roles.js'
import { text } from '../../kernel/text.js'
import type { Day } from '../../kernel/time.js'
import { type During, spentDuring } from '../store.js'
import { contact, isolationStay, observation } from '../tables.js'
import type { Contact, Half, IsolationEnding, Observation, Symptom } from './contacts.js'
import { FEVER_TENTHS } from './symptoms.js'

/**
 * A contact is seen by its unit, by the site that is to take them, by the place where they are, and, being nowhere, by
 * the places of its unit.
 */
export const CONTACTS = recordKind<Contact>('contacts', contact, { within: ({ units, places, homes }) => {
  const isIn = (at: SQL) => sql`exists (select from ${isolationStay} i where i.contact_id = r.id and i.ended_at is null and ${at})`
  const unit = sql`r.body ->> 'unit'`
  return sql`(${isOneOf(unit, units)} or ${isOneOf(sql`r.body ->> 'site'`, places)} or ${isIn(isOneOf(sql`i.place`, places))}
    or (${isOneOf(unit, homes)} and not ${isIn(sql`true`)}))`
} })

/** The same of each, for who hears of it. */
export const CONTACTS_LIE: Lying = {
  table: contact,
  lies: sql`(select ${lyingAt({
    unit: sql`r.body ->> 'unit'`, home: sql`case when count(*) = 0 then r.body ->> 'unit' end`,
    places: sql`jsonb_build_array(r.body ->> 'site') || coalesce(jsonb_agg(i.place), '[]')`,
  })} from ${isolationStay} i where i.contact_id = r.id and i.ended_at is null)`,
}

/** A stay in isolation as it is kept. */
export type IsolationStay = typeof isolationStay.$inferSelect

const ELSEWHERE: Refusal = { code: 'alreadyInCare', text: text('此人这段时间已在别处', 'the person had another place at that time') }

export const ISOLATION_GUARDS: Readonly<Record<string, Refusal>> = {
  contact_unit_reporting_unit_id_fk: { code: 'unknownReference', text: text('没有这个报告单位（unit）', 'there is no such reporting unit (unit)') },
  contact_site_place_id_fk: { code: 'unknownReference', text: text('没有这个隔离点（site）', 'there is no such isolation site (site)') },
  isolation_stay_pool_at_place: { code: 'wrongReference', text: text('有人在此隔离过，房间不能换场所；请另立一组房间', 'somebody is or has been isolated there: these rooms keep their place; put down others') },
  isolation_stay_never_overlaps: ELSEWHERE,
  isolation_stay_is_not_in_care: ELSEWHERE,
  stay_is_not_in_isolation: ELSEWHERE,
}

export async function openIsolationOf(tx: Tx, contactId: string): Promise<IsolationStay | null> {
  const [found] = await tx.select().from(isolationStay).where(and(eq(isolationStay.contactId, contactId), isNull(isolationStay.endedAt)))
  return found ?? null
}

/** The last stay of a contact that has ended. */
export async function lastIsolationOf(tx: Tx, contactId: string): Promise<IsolationStay | null> {
  const [found] = await tx.select().from(isolationStay).where(and(eq(isolationStay.contactId, contactId), isNotNull(isolationStay.endedAt)))
    .orderBy(desc(isolationStay.endedAt), desc(isolationStay.id)).limit(1)
  return found ?? null
}

/** All stays in isolation of a contact, the oldest first. */
export const isolationsOf = (tx: Tx, contactId: string): Promise<IsolationStay[]> =>
  tx.select().from(isolationStay).where(eq(isolationStay.contactId, contactId)).orderBy(asc(isolationStay.beganAt), asc(isolationStay.endedAt), asc(isolationStay.id))

/** A contact as they were when their release was signed; null: it has not been. */
export async function contactAtRelease(tx: Tx, id: string): Promise<Recorded<Contact> | null> {
  const [row] = await rowsOf<RawRecord>(tx, sql`select ${COLUMNS} from ${recordVersion}
    where kind = ${CONTACTS.kind} and id = ${id} and body ->> 'certificate' is not null order by version limit 1`)
  return row === undefined ? null : recordedOf<Contact>(row)
}

export interface NewIsolation {
  readonly id: string
  readonly contactId: string
  readonly place: string
  readonly pool: string
  readonly beganAt: Date
}

export async function beginIsolation(tx: Tx, begin: NewIsolation, { at, by }: Recording): Promise<IsolationStay> {
  const [begun] = await tx.insert(isolationStay).values({ ...begin, version: 1, beganRecordedAt: at, beganRecordedBy: by }).returning()
  invariant(begun !== undefined, 'an insert returns its row')
  return begun
}

/** Ends an open stay, whose contact is locked. */
export async function endIsolation(
  tx: Tx, { id, version }: IsolationStay, { endedAt, ending }: { endedAt: Date; ending: IsolationEnding }, { at, by }: Recording,
): Promise<IsolationStay> {
  const [ended] = await tx.update(isolationStay)
    .set({ version: version + 1, endedAt, ending, endedRecordedAt: at, endedRecordedBy: by })
    .where(and(eq(isolationStay.id, id), eq(isolationStay.version, version), isNull(isolationStay.endedAt))).returning()
  invariant(ended !== undefined, 'an open stay whose contact is locked ends once')
  return ended
}

export interface IsolationAsk {
  readonly contact: string | undefined
  readonly place: string | undefined
  readonly open: boolean | undefined
  readonly past: Past | null
  readonly reach: Reach
  readonly after: string | null
  readonly limit: number
}

/** As it was: recorded by then, and not ended then as far as was known. */
const openAt = ({ asOf, knownAt }: Past): SQL | undefined => and(
  lte(isolationStay.beganAt, asOf), lte(isolationStay.beganRecordedAt, knownAt),
  or(isNull(isolationStay.endedAt), gt(isolationStay.endedAt, asOf), gt(isolationStay.endedRecordedAt, knownAt)),
)

/** How many contacts are in each pool of rooms; null: now. */
export async function contactsByPool(tx: Tx, past: Past | null): Promise<ReadonlyMap<string, number>> {
  const rows = await tx.select({ pool: isolationStay.pool, people: count() }).from(isolationStay)
    .where(past === null ? isNull(isolationStay.endedAt) : openAt(past)).groupBy(isolationStay.pool)
  return new Map(rows.map(({ pool, people }) => [pool, people]))
}

/** Stays in isolation by id; with `past` those that were open then, as far as it was known. */
export const listIsolations = (tx: Tx, { contact: of, place, open, past, reach, after, limit }: IsolationAsk): Promise<IsolationStay[]> =>
  tx.select().from(isolationStay).where(and(
    reach.isCity ? undefined : inArray(isolationStay.place, [...reach.places]),
    of === undefined ? undefined : eq(isolationStay.contactId, of),
    place === undefined ? undefined : eq(isolationStay.place, place),
    open === undefined ? undefined : open ? isNull(isolationStay.endedAt) : isNotNull(isolationStay.endedAt),
    past === null ? undefined : openAt(past),
    after === null ? undefined : gt(isolationStay.id, after),
  )).orderBy(asc(isolationStay.id)).limit(limit)

/** Somebody in isolation now, and where. */
export interface Isolated {
  readonly id: string
  readonly contact: Contact
  readonly place: string
  readonly pool: string
  readonly beganAt: Date
}

/** Everyone in isolation now, by contact. */
export async function isolatedNow(tx: Tx): Promise<Isolated[]> {
  return tx.select({
    id: contact.id, contact: contact.body, place: isolationStay.place, pool: isolationStay.pool, beganAt: isolationStay.beganAt,
  }).from(isolationStay).innerJoin(contact, eq(contact.id, isolationStay.contactId))
    .where(isNull(isolationStay.endedAt)).orderBy(sql`${contact.id} collate "C"`)
}

/** Contacts who were announced and have not come. */
export async function announcedNow(tx: Tx): Promise<{ id: string; contact: Contact }[]> {
  return tx.select({ id: contact.id, contact: contact.body }).from(contact)
    .where(and(sql`${contact.body} ->> 'edition' is null`, sql`not (${contact.body} ->> 'withdrawn')::boolean`)).orderBy(sql`${contact.id} collate "C"`)
}

/** The later word for a half day stands. */
export async function putObservation(tx: Tx, contactId: string, { day, half, temperatureTenths, symptoms }: Observation, { at, by }: Recording): Promise<void> {
  const said = { temperatureTenths, symptoms, recordedAt: at, recordedBy: by }
  await tx.insert(observation).values({ contactId, day, half, ...said })
    .onConflictDoUpdate({ target: [observation.contactId, observation.day, observation.half], set: said })
}

export interface Seen {
  readonly contactId: string
  readonly day: Day
  readonly half: Half
}

/** Who was looked at since a day. */
export async function seenSince(tx: Tx, day: Day): Promise<Seen[]> {
  const rows = await tx.select({ contactId: observation.contactId, day: observation.day, half: observation.half }).from(observation).where(gte(observation.day, day))
  return rows.map(({ half, ...row }) => ({ ...row, half: half as Half }))
}

type ObservationRow = typeof observation.$inferSelect
/** An observation as it is kept. */
export type KeptObservation = Omit<ObservationRow, 'half' | 'symptoms'> & { readonly half: Half; readonly symptoms: readonly Symptom[] }
const keptObservation = ({ half, symptoms, ...row }: ObservationRow): KeptObservation => ({ ...row, half: half as Half, symptoms: symptoms as readonly Symptom[] })

/** What was seen of somebody, the oldest first. */
export const observationsOf = async (tx: Tx, contactId: string): Promise<KeptObservation[]> =>
  (await tx.select().from(observation).where(eq(observation.contactId, contactId)).orderBy(asc(observation.day), sql`${observation.half} desc`)).map(keptObservation)

/** What was seen of everyone who is in isolation now that may be a fever or a symptom, by contact, the oldest first. */
export async function remarkedNow(tx: Tx): Promise<ReadonlyMap<string, KeptObservation[]>> {
  const rows = await tx.select({ seen: observation }).from(observation)
    .innerJoin(isolationStay, and(eq(isolationStay.contactId, observation.contactId), isNull(isolationStay.endedAt)))
    .where(or(gte(observation.temperatureTenths, FEVER_TENTHS), sql`${observation.symptoms} not in ('[]', '["none"]')`))
    .orderBy(asc(observation.day), sql`${observation.half} desc`)
  const found = new Map<string, KeptObservation[]>()
  for (const { seen } of rows) remembered(found, seen.contactId, () => []).push(keptObservation(seen))
  return found
}

export const isolationsDuring = (tx: Tx, span: Span): Promise<During<IsolationEnding>[]> =>
  spentDuring(tx, { table: isolationStay, person: sql`contact_id` }, span)

/** To which reporting unit some contacts belong, as it was then. */
export async function unitsOfContacts(tx: Tx, ids: readonly string[], past: Past): Promise<ReadonlyMap<string, string>> {
  const then = await recordsAsTold(tx, CONTACTS, ids, past)
  return new Map([...then].map(([id, { body }]) => [id, body.unit]))
}
