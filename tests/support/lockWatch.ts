import type { Database } from '../../src/db/database.js'
import { aroundStatements, type Statement } from './statements.js'

/**
 * In which order everybody locks, so that no two wait for each other: the key of the request, the picture of the city, the
 * desk, orders, reliefs, people, pools of beds, blocks, requests for material, allocation orders, items, lots; each kind by
 * its ids. The book of a pool or of a lot is locked by whoever has locked the pool or the lot. Whoever locks a row of another
 * table locks no other.
 */
const ORDER = ['idempotency_key', 'picture', 'dispatch_desk', 'transfer_order', 'relief', 'contact', 'care_case', 'pool', 'reserve_block',
  'material_request', 'allocation_order', 'item', 'stock_lot'] as const
const ALONE = [
  'reporting_unit', 'place', 'expert_team', 'vehicle', 'travel', 'intake', 'plan_settings', 'staff_account', 'api_key', 'plan_run',
  'item_code', 'packing', 'substitute', 'kit_part', 'norm', 'receiver', 'staff_on_shift', 'reported_use', 'stock_source', 'expected_supply', 'equipment',
]

interface Lock {
  readonly table: string
  /** What was asked for: ids, or other values that rows are found by. */
  readonly values: readonly string[]
}

/** The rows that a statement locks for itself, or waits for; null: none. */
function lockOf({ sql: statement, params }: Statement): Lock | null {
  const values = params.filter((value) => typeof value === 'string').map(String)
  if (/pg_advisory_xact_lock/.test(statement)) return { table: 'picture', values: [] }
  if (/^\s*insert into "idempotency_key"/i.test(statement)) return { table: 'idempotency_key', values }
  if (!/\bfor (?:no key )?update\b/i.test(statement)) return null
  const table = /\bfrom "(\w+)"/i.exec(statement)?.[1]
  if (table === undefined) throw new Error(`which table is locked? ${statement}`)
  return { table, values }
}

/** What is wrong with the order in which one transaction has locked; rows that it had locked before count once. */
export function outOfOrder(locks: readonly Lock[]): string[] {
  const wrong: string[] = []
  const held = new Map<string, Set<string>>()
  let last: { rank: number; table: string } = { rank: -1, table: 'nothing' }
  for (const { table, values } of locks) {
    if (table === 'account') {
      const isHeld = (book: string) => (book.startsWith('lot ') ? held.get('stock_lot')?.has(book.slice('lot '.length)) : held.get('pool')?.has(book)) === true
      if (!values.every(isHeld)) wrong.push(`the book ${values.join(' ')} without its pool or lot`)
      continue
    }
    const before = held.get(table)
    const added = values.filter((value) => before?.has(value) !== true)
    if (before !== undefined && added.length === 0) continue
    const rank = ORDER.findIndex((one) => one === table)
    if (rank < 0 && !ALONE.includes(table)) wrong.push(`nobody has said when ${table} is locked`)
    if (rank < 0 ? last.rank > 1 : rank < last.rank) wrong.push(`${table} ${added.join(' ')} after ${last.table}`)
    // Who holds the desk is the only one that locks several orders; people and pools are locked by everybody.
    const isByIds = ['care_case', 'contact', 'pool', 'item', 'stock_lot'].includes(table)
    if (isByIds && before !== undefined && added.some((value) => [...before].some((other) => other > value))) {
      wrong.push(`${table} ${added.join(' ')} after ${[...before].join(' ')}`)
    }
    held.set(table, new Set([...before ?? [], ...added]))
    if (rank > last.rank) last = { rank, table }
  }
  return wrong
}

/** The same store, which looks at the order in which each transaction locks; `found` is told what is wrong with it. */
export function lockWatched(db: Database, found: (wrong: string) => void): Database {
  return {
    ...db,
    inTransaction: (work, needs) => db.inTransaction(async (tx) => {
      const locks: Lock[] = []
      aroundStatements(tx, {
        run: (statement, execute) => {
          const lock = lockOf(statement)
          if (lock !== null) locks.push(lock)
          return execute()
        },
      })
      try {
        return await work(tx)
      } finally {
        for (const wrong of outOfOrder(locks)) found(wrong)
      }
    }, needs),
  }
}
