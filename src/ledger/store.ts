import { and, desc, eq, inArray, lt, sql } from 'drizzle-orm'
import type { Tx } from '../db/database.js'
import type { Span } from '../db/history.js'
import { insertRows } from '../db/insertRows.js'
import { rowsOf } from '../db/rows.js'
import type { Recording } from '../kernel/clock.js'
import { remembered } from '../kernel/remembered.js'
import { type Book, movementsBetween } from './book.js'
import { account, hold, movement } from './tables.js'

const byName = (rows: readonly (typeof account.$inferSelect)[]): Book =>
  Object.fromEntries(rows.map(({ name, balance, counted, mayOwe, held }) => [name, { balance, counted, mayOwe, held }]))

/** The accounts of a book, locked: nobody else moves anything in it before this transaction ends. */
export async function lockBook(tx: Tx, book: string): Promise<Book> {
  return byName(await tx.select().from(account).where(eq(account.book, book)).orderBy(account.name).for('update'))
}

/** Several books, each locked in the order of their names; one of which nothing is known is empty. */
export async function lockBooks(tx: Tx, books: readonly string[]): Promise<ReadonlyMap<string, Book>> {
  if (books.length === 0) return new Map()
  const rows = await tx.select().from(account).where(inArray(account.book, [...books])).orderBy(sql`${account.book} collate "C"`, account.name).for('update')
  const found = new Map<string, (typeof account.$inferSelect)[]>(books.map((book) => [book, []]))
  for (const row of rows) found.get(row.book)?.push(row)
  return new Map([...found].map(([book, own]) => [book, byName(own)]))
}

export interface Posting {
  readonly book: string
  readonly before: Book
  readonly after: Book
  /** Why, from the vocabulary of whoever posts. */
  readonly reason: string
  /** What the movements belong to. */
  readonly subject: string
  readonly effectiveAt: Date
}

/** Moves a locked book to another state: every movement, and what the accounts then hold. */
export async function post(tx: Tx, { book, before, after, reason, subject, effectiveAt }: Posting, { at, by }: Recording): Promise<void> {
  const rows = Object.entries(after).map(([name, state]) => ({ book, name, ...state }))
  await tx.insert(account).values(rows).onConflictDoUpdate({
    target: [account.book, account.name],
    set: {
      balance: sql`excluded.balance`,
      counted: sql`excluded.counted`,
      held: sql`excluded.held`,
    },
  })
  const movements = movementsBetween(before, after)
  if (movements.length === 0) return
  await tx.insert(movement).values(movements.map(({ from, to, quantity }) => ({
    book, from, to, quantity, reason, subject, effectiveAt, recordedAt: at, recordedBy: by,
  })))
}

export interface Promised {
  readonly book: string
  readonly account: string
  readonly purpose: string
  readonly quantity: number
}

/** The open promise for a purpose is now of this quantity: the old one is voided, a new one made. Nought: none. */
export async function setHold(tx: Tx, { book, account: of, purpose, quantity }: Promised, id: string, { at, by }: Recording): Promise<void> {
  await tx.update(hold).set({ state: 'voided', resolvedAt: at })
    .where(and(eq(hold.book, book), eq(hold.account, of), eq(hold.purpose, purpose), eq(hold.state, 'open')))
  if (quantity === 0) return
  await tx.insert(hold).values({ id, book, account: of, purpose, quantity, state: 'open', madeAt: at, madeBy: by })
}

/** A promise of its own. */
export interface NewHold extends Promised {
  readonly id: string
  /** Null: the clock does not end it. */
  readonly deadline: Date | null
}

/** Promises of their own, however many, each open until its purpose is over. */
export async function makeHolds(tx: Tx, holds: readonly NewHold[], { at, by }: Recording): Promise<void> {
  await insertRows(tx, hold, holds.map((one) => ({ ...one, state: 'open', madeAt: at, madeBy: by })))
}

const isOpenFor = ({ book, account: of, purpose }: Omit<Promised, 'quantity'>) =>
  and(eq(hold.book, book), eq(hold.account, of), eq(hold.purpose, purpose), eq(hold.state, 'open'))

/** Ends the open promise for a purpose; how many it was of, nought when there was none. */
export async function resolveHold(
  tx: Tx, promised: Omit<Promised, 'quantity'>, state: 'settled' | 'voided' | 'expired', at: Date,
): Promise<number> {
  const ended = await tx.update(hold).set({ state, resolvedAt: at }).where(isOpenFor(promised)).returning({ quantity: hold.quantity })
  return ended[0]?.quantity ?? 0
}

/** From now on the promise holds whatever the clock says. */
export async function keepHold(tx: Tx, promised: Omit<Promised, 'quantity'>): Promise<void> {
  await tx.update(hold).set({ deadline: null }).where(isOpenFor(promised))
}

/** The accounts of a book as they stand. */
export async function bookOf(tx: Tx, book: string): Promise<Book> {
  return byName(await tx.select().from(account).where(eq(account.book, book)).orderBy(account.name))
}

/** Some books as they stand: of all that is counted there may be more than anybody asks about. */
export async function booksOf(tx: Tx, books: readonly string[]): Promise<ReadonlyMap<string, Book>> {
  const found = new Map<string, (typeof account.$inferSelect)[]>()
  const rows = await tx.select().from(account).where(sql`${account.book} in (select jsonb_array_elements_text(${JSON.stringify(books)}::jsonb))`)
  for (const row of rows) remembered(found, row.book, () => []).push(row)
  return new Map([...found].map(([book, own]) => [book, byName(own)]))
}

/** Movements of a book, the newest first, below a number. */
export const movementsOf = (tx: Tx, book: string, page: { below: number | null; limit: number }): Promise<(typeof movement.$inferSelect)[]> =>
  tx.select().from(movement)
    .where(and(eq(movement.book, book), page.below === null ? undefined : lt(movement.id, page.below)))
    .orderBy(desc(movement.id)).limit(page.limit)

interface Later {
  readonly account: string
  readonly reasons: readonly string[]
  /** Of movements that had happened by `asOf`, as far as they were told by `knownAt`. */
  readonly past: { readonly asOf: Date; readonly knownAt: Date }
  /** From where on: movements of later versions than this, which end their subject, and of later moments than `after`. */
  readonly since: readonly { readonly book: string; readonly version: number; readonly recordedAt: Date; readonly after: Date | null }[]
}

/** How many more an account held, by book, by movements that were told only after a version of its figures. */
export async function movedLater(tx: Tx, { account: name, reasons, past: { asOf, knownAt }, since }: Later): Promise<ReadonlyMap<string, number>> {
  const list = sql.join(reasons.map((reason) => sql`${reason}`), sql`, `)
  const rows = await rowsOf<{ book: string; more: number }>(tx, sql`
    select m.book, sum(case m.to_account when ${name} then m.quantity else -m.quantity end)::int as more
    from jsonb_to_recordset(${JSON.stringify(since)}::jsonb) as v(book text, version int, "recordedAt" timestamptz, "after" timestamptz)
    join ${movement} as m on m.book = v.book and m.recorded_at >= v."recordedAt" and m.recorded_at <= ${knownAt.toISOString()}
      and m.effective_at <= ${asOf.toISOString()} and m.effective_at > coalesce(v."after", '-infinity')
    where m.reason in (${list}) and ${name} in (m.from_account, m.to_account) and substring(m.subject from '[0-9]+$')::int > v.version
    group by m.book`)
  return new Map(rows.map(({ book, more }) => [book, more]))
}

/** How many more an account held at the end of a span than at its beginning, by book, by movements for some reasons. */
export async function movedDuring(
  tx: Tx, { account: name, reasons }: { account: string; reasons: readonly string[] }, { from, to, knownAt }: Span,
): Promise<ReadonlyMap<string, number>> {
  const list = sql.join(reasons.map((reason) => sql`${reason}`), sql`, `)
  const rows = await rowsOf<{ book: string; more: number }>(tx, sql`
    select book, sum(case to_account when ${name} then quantity else -quantity end)::int as more from ${movement}
    where effective_at > ${from.toISOString()} and effective_at <= ${to.toISOString()} and recorded_at <= ${knownAt.toISOString()}
      and reason in (${list}) and ${name} in (from_account, to_account)
    group by book`)
  return new Map(rows.map(({ book, more }) => [book, more]))
}

export type Hold = typeof hold.$inferSelect

/** Promises that are open of one account, by book and purpose; of some books, or of all that have it. */
export const openHolds = (tx: Tx, { account: of, books }: { account: string; books: readonly string[] | null }): Promise<Hold[]> =>
  tx.select().from(hold).where(and(eq(hold.state, 'open'), eq(hold.account, of), books === null ? undefined : inArray(hold.book, [...books])))
    .orderBy(hold.book, hold.purpose)
