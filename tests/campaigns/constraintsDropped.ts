import { sql } from 'drizzle-orm'
import type { Database } from '../../src/db/database.js'
import { constraintOf, sqlStateOf } from '../../src/db/errors.js'
import { integrityFindings, type Invariant, INVARIANTS } from '../../src/db/integrity.js'
import { rowsOf } from '../../src/db/rows.js'
import { keysOf } from '../../src/kernel/vocabulary.js'
import { UNGUARDED, VIOLATIONS, type Violation } from './constraintsViolations.js'

/** A constraint, unique index or trigger of the schema, and how it is dropped. */
export interface Guard {
  readonly name: string
  readonly drop: string
}

/** Every guard that the catalogue has but primary keys: those forbid what no row can be without. */
export async function guardsOf(db: Database): Promise<Guard[]> {
  return db.inSnapshot((tx) => rowsOf<Guard>(tx, sql`
    select conname::text as name, format('alter table %s drop constraint %I cascade', conrelid::regclass, conname) as drop
    from pg_constraint where connamespace = 'public'::regnamespace and contype in ('c', 'u', 'x', 'f')
    union all select c.relname::text, format('drop index %s', c.oid::regclass)
    from pg_index i join pg_class c on c.oid = i.indexrelid
    where c.relnamespace = 'public'::regnamespace and i.indisunique and not exists (select from pg_constraint p where p.conindid = c.oid)
    union all select tgname::text, format('drop trigger %I on %s', tgname, tgrelid::regclass)
    from pg_trigger t join pg_class c on c.oid = t.tgrelid where c.relnamespace = 'public'::regnamespace and not tgisinternal
    order by name`))
}

/** Ends a transaction without a trace. */
class TakenBack extends Error {
  constructor(readonly rules: readonly Invariant[]) {
    super('taken back')
  }
}

/** Rules that the view finds broken after some statements, which are then taken back. */
async function noticed(db: Database, statements: readonly string[]): Promise<readonly Invariant[]> {
  try {
    return await db.inTransaction(async (tx) => {
      for (const statement of statements) await tx.execute(sql.raw(statement))
      throw new TakenBack((await integrityFindings(tx)).map(({ rule }) => rule))
    })
  } catch (error) {
    if (error instanceof TakenBack) return error.rules
    throw error
  }
}

/** The guard that refuses a statement; null: none does, and what it did is taken back. */
async function refusedBy(db: Database, statement: string): Promise<string | null> {
  try {
    return await db.inTransaction(async (tx) => {
      await tx.execute(sql.raw(statement))
      throw new TakenBack([])
    })
  } catch (error) {
    if (error instanceof TakenBack) return null
    return constraintOf(error) ?? `SQLSTATE ${sqlStateOf(error)}: ${String(error)}`
  }
}

/** What is wrong with one guard, as sentences: it does not refuse, or the view does not notice when it is gone. */
export async function wrongWith(db: Database, { name, drop }: Guard): Promise<string[]> {
  const violation: Violation | undefined = Object.hasOwn(VIOLATIONS, name) ? VIOLATIONS[name] : undefined
  if (violation === undefined) return [`${name}: nobody has written down what it forbids`]
  const { write, rule, behind, also = [] } = violation
  const wrong: string[] = []
  for (const statement of [write, ...also]) {
    const by = await refusedBy(db, statement)
    if (by !== (violation.refusedBy ?? name)) wrong.push(`${name}: the write is refused by ${by ?? 'nobody'}\n  ${statement}`)
  }
  const rules = await noticed(db, [drop, ...(behind === undefined ? [] : [behind]), write]).catch((error: unknown) => [String(error)])
  if (!rules.includes(rule)) wrong.push(`${name}: without it the view says ${said(rules)}, not ${rule}\n  ${drop}\n  ${write}`)
  return wrong
}

const said = (rules: readonly string[]): string => (rules.length === 0 ? 'nothing' : [...new Set(rules)].join(', '))

/** Violations of guards that are not there, and rules that nothing here has seen to speak. */
export function leftOver(guards: readonly Guard[]): string[] {
  const names = new Set(guards.map(({ name }) => name))
  const spoken = new Set<Invariant>([...Object.values(VIOLATIONS), ...UNGUARDED].map(({ rule }) => rule))
  return [
    ...Object.keys(VIOLATIONS).filter((name) => !names.has(name)).map((name) => `${name}: there is no such guard`),
    ...keysOf(INVARIANTS).filter((rule) => !spoken.has(rule)).map((rule) => `${rule}: no write makes the view say it`),
  ]
}

/** Writes that only the view can notice, and it does not. */
export async function unnoticed(db: Database): Promise<string[]> {
  const wrong: string[] = []
  for (const { write, rule } of UNGUARDED) {
    const rules = await noticed(db, [write])
    if (!rules.includes(rule)) wrong.push(`the view says ${said(rules)}, not ${rule}\n  ${write}`)
  }
  return wrong
}
