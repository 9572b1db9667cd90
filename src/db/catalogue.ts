import { sql } from 'drizzle-orm'
import type { Tx } from './database.js'
import { rowsOf } from './rows.js'

/** A table of the store as it is copied: columns that are computed are left out. */
export interface TableShape {
  readonly name: string
  readonly columns: readonly { readonly name: string; readonly isJson: boolean }[]
  /** What its rows are ordered by, as SQL: its primary key, or the whole row. */
  readonly order: string
}

export const quotedName = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** The hash of the last migration: what the tables look like. */
export async function schemaVersion(tx: Tx): Promise<string> {
  const rows = await rowsOf<{ hash: string }>(tx, sql`
    select hash from drizzle.__drizzle_migrations order by created_at desc, id desc limit 1`)
  return rows[0]?.hash ?? 'none'
}

/** Every table of the store, those that others refer to first; tables that refer to each other by name. */
export async function tablesOf(tx: Tx): Promise<TableShape[]> {
  const tables = await rowsOf<Omit<TableShape, 'order'> & { key: { name: string; text: boolean }[] | null }>(tx, sql`
    select c.relname::text as name,
      (select coalesce(json_agg(json_build_object('name', a.attname,
          'isJson', a.atttypid in ('json'::regtype, 'jsonb'::regtype)) order by a.attnum), '[]') from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
          -- Numbers of transactions mean nothing in another store; there they are given anew.
          and a.atttypid <> 'xid8'::regtype) as columns,
      (select json_agg(json_build_object('name', a.attname, 'text', a.attcollation <> 0) order by k.position)
        from pg_index i cross join lateral unnest(i.indkey::int2[]) with ordinality as k (number, position)
        join pg_attribute a on a.attrelid = c.oid and a.attnum = k.number
        where i.indrelid = c.oid and i.indisprimary) as key
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind = 'r'
    order by c.relname::text collate "C"`)
  const references = await rowsOf<{ child: string; parent: string }>(tx, sql`
    select distinct child.relname::text as child, parent.relname::text as parent
    from pg_constraint k join pg_class child on child.oid = k.conrelid join pg_class parent on parent.oid = k.confrelid
    where k.contype = 'f' and child.oid <> parent.oid`)
  const shapes = tables.map(({ name, columns, key }): TableShape => {
    // One collation everywhere, so that two servers write the rows in the same order.
    const order = key?.map((column) => `${quotedName(column.name)}${column.text ? ' collate "C"' : ''}`)
    return { name, columns, order: order?.join(', ') ?? 'row_to_json(r)::text collate "C"' }
  })
  return parentsFirst(shapes, references)
}

function parentsFirst(
  tables: readonly TableShape[], references: readonly { readonly child: string; readonly parent: string }[]
): TableShape[] {
  const ordered: TableShape[] = []
  let left = [...tables]
  while (left.length > 0) {
    const waiting = new Set(left.map(({ name }) => name))
    const isFree = ({ name }: TableShape) =>
      !references.some(({ child, parent }) => child === name && waiting.has(parent))
    // In a circle nobody is first; then the whole circle goes in as it stands.
    const next = left.filter(isFree)
    const taken = next.length > 0 ? next : left
    ordered.push(...taken)
    left = left.filter((table) => !taken.includes(table))
  }
  return ordered
}

export interface SequenceState {
  readonly sequence: string
  readonly last: number | bigint
  readonly called: boolean
}

/** Where the store's counters stand, by name. */
export async function sequencesOf(tx: Tx): Promise<SequenceState[]> {
  const names = await rowsOf<{ name: string }>(tx, sql`
    select c.relname::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind = 'S' order by c.relname::text collate "C"`)
  const states: SequenceState[] = []
  for (const { name } of names) {
    const [state] = await rowsOf<{ last: number | bigint; called: boolean }>(tx,
      sql`select last_value as last, is_called as called from ${sql.identifier(name)}`)
    if (state !== undefined) states.push({ sequence: name, ...state })
  }
  return states
}
