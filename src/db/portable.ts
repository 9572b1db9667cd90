import { createHash, type Hash } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { type Text, text } from '../kernel/text.js'
import { quotedName, schemaVersion, sequencesOf, type TableShape, tablesOf } from './catalogue.js'
import type { Database, Tx } from './database.js'
import { isBadValue, sqlStateOf, StoreFault } from './errors.js'
import { rowsOf } from './rows.js'
import { isDrillStore, markOf } from './storeMark.js'

/** The first line of a file. The next lines are one row each; then where the counters stand; the last line closes. */
const FORMAT = 'sijizhong-store-1'
/** A row may be a whole plan, so that few are taken at once. */
const ROWS_AT_ONCE = 25
const LETTERS_AT_ONCE = 1_000_000

/** `drill`: what the store is for (演练), so that a file says it in its first line. */
const headerSchema = z.strictObject({ format: z.literal(FORMAT), schema: z.string(), drill: z.boolean() })
const rowSchema = z.strictObject({ table: z.string(), row: z.record(z.string(), z.unknown()) })
const sequenceSchema = z.strictObject({
  sequence: z.string(), last: z.union([z.int(), z.string()]), called: z.boolean(),
})
const closingSchema = z.strictObject({ end: z.record(z.string(), z.int()), sha256: z.string() })
type Closing = z.infer<typeof closingSchema>

const rowStart = (table: string): string => `{"table":${JSON.stringify(table)},"row":`

/**
 * Writes the whole store as lines of JSON, all of one moment, the same bytes from either database. `write` is waited
 * for, so that a slow file is not outrun. Lines have no line feed at their end.
 */
export async function exportEverything(db: Database, write: (line: string) => Promise<void>): Promise<void> {
  await db.inSnapshot(async (tx) => {
    await tx.execute(sql`set local statement_timeout = 0`)
    await tx.execute(sql`set local idle_in_transaction_session_timeout = 0`)
    const hash = createHash('sha256')
    const put = (line: string): Promise<void> => {
      digest(hash, line)
      return write(line)
    }
    await put(JSON.stringify({ format: FORMAT, schema: await schemaVersion(tx), drill: await isDrillStore(tx) }))
    const counts: Record<string, number> = {}
    for (const table of await tablesOf(tx)) {
      counts[table.name] = 0
      for await (const row of rowTexts(tx, table)) {
        counts[table.name] = (counts[table.name] ?? 0) + 1
        await put(`${rowStart(table.name)}${row}}`)
      }
    }
    for (const { sequence, last, called } of await sequencesOf(tx)) {
      await put(JSON.stringify({ sequence, last: typeof last === 'bigint' ? String(last) : last, called }))
    }
    await write(JSON.stringify({ end: counts, sha256: hash.digest('hex') } satisfies Closing))
  }, { isLong: true })
}

const digest = (hash: Hash, line: string): void => {
  hash.update(line, 'utf8').update('\n')
}

/** Each row as the database itself writes it: a number with many digits would not survive JavaScript's. */
async function* rowTexts(tx: Tx, { name, columns, order }: TableShape): AsyncGenerator<string> {
  const list = columns.map((column) => {
    const own = quotedName(column.name)
    // In a list of its own the JSON value null is not taken for nothing there.
    return column.isJson ? `case when ${own} is not null then json_build_array(${own}) end as ${own}` : own
  }).join(', ')
  await tx.execute(sql.raw(`declare everything cursor for
    select row_to_json(r)::text as row from (select ${list} from ${quotedName(name)}) r order by ${order}`))
  for (;;) {
    const rows = await rowsOf<{ row: string }>(tx, sql.raw(`fetch ${ROWS_AT_ONCE} from everything`))
    for (const { row } of rows) yield row
    if (rows.length < ROWS_AT_ONCE) break
  }
  await tx.execute(sql`close everything`)
}

/**
 * Reads in what exportEverything wrote, all of it or nothing. Throws StoreFault when the store is not empty, is of
 * another schema, the file is cut, changed or not of this format, or one of the two is for a drill and the other is not.
 * `isDrill`: what a store that nobody has started is to be for. Triggers of the tables do not run: what they would do
 * stands in the file.
 */
export async function importEverything(db: Database, lines: AsyncIterable<string>, isDrill = false): Promise<void> {
  const reader = new Reader(lines[Symbol.asyncIterator]())
  let isFirst = true
  await db.inTransaction(async (tx) => {
    // The lines are read once only; a second try would find them gone.
    if (!isFirst) throw fault('导入时遇到其他操作，请重试', 'something else was under way; import again')
    isFirst = false
    await tx.execute(sql`set local statement_timeout = 0`)
    await tx.execute(sql`set local idle_in_transaction_session_timeout = 0`)
    const header = headerSchema.safeParse(parsed(await reader.next()))
    if (!header.success) throw fault('不是本系统导出的文件', 'this is not a file that export wrote')
    if (header.data.schema !== await schemaVersion(tx)) {
      throw fault('文件出自另一版本的数据库结构', 'the file is of another version of the schema')
    }
    if (header.data.drill !== (await markOf(tx) ?? isDrill)) throw new StoreFault(header.data.drill ? OF_A_DRILL : OF_NO_DRILL)
    const tables = await tablesOf(tx)
    // This locks every table: what is found empty then stays so until the rows are in.
    await toggleTriggers(tx, tables, 'disable')
    await refuseUnlessEmpty(tx, tables)
    await tx.execute(sql`create temporary table staged_rows (line json) on commit drop`)
    const counts: Record<string, number> = {}
    for (const table of tables) counts[table.name] = await readTable(tx, table, reader)
    const sequences = await readSequences(tx, reader)
    await reader.close(counts)
    await tx.execute(sql`set constraints all immediate`)
    await toggleTriggers(tx, tables, 'enable')
    // Last, because counters do not go back with a transaction.
    for (const { sequence, last, called } of sequences) {
      await tx.execute(sql`select setval(${quotedName(sequence)}::regclass, ${String(last)}::bigint, ${called})`)
    }
  }, { isLong: true })
}

const fault = (zh: string, en: string): StoreFault => new StoreFault(text(zh, en))
const OF_A_DRILL = text(
  '这是演练库的导出，只能导入演练库：空库，命令前加 DRILL=yes', 'the file comes from a drill, and only a store for a drill takes it: an empty one, with DRILL=yes before the command')
const OF_NO_DRILL = text(
  '这不是演练库的导出，不能导入演练库：请去掉 DRILL=yes，用另一个空库', 'the file does not come from a drill, and no store for a drill takes it: leave DRILL=yes out, and use another empty one')
const CUT: Text = text('文件不完整或已被改动，未导入任何内容', 'the file is cut or was changed; nothing of it was kept')

/** One line ahead, and what was read so far. */
class Reader {
  private readonly hash = createHash('sha256')
  private ahead: string | null = null

  constructor(private readonly lines: AsyncIterator<string>) {}

  /** The next line, read now or kept from `peek`; null at the end. */
  async next(): Promise<string | null> {
    const line = await this.peek()
    this.ahead = null
    if (line !== null) digest(this.hash, line)
    return line
  }

  async peek(): Promise<string | null> {
    if (this.ahead === null) {
      const { done, value } = await this.lines.next()
      this.ahead = done === true ? null : value
    }
    return this.ahead
  }

  /** Reads the closing line, after which there is nothing, and compares. */
  async close(counts: Readonly<Record<string, number>>): Promise<void> {
    const closing = closingSchema.safeParse(parsed(await this.peek()))
    this.ahead = null
    const rest = await this.peek()
    const isWhole = closing.success && (rest === null || rest === '') &&
      closing.data.sha256 === this.hash.digest('hex') && JSON.stringify(closing.data.end) === JSON.stringify(counts)
    if (!isWhole) throw new StoreFault(CUT)
  }
}

function parsed(line: string | null): unknown {
  try {
    return JSON.parse(line ?? '')
  } catch {
    return null
  }
}

async function refuseUnlessEmpty(tx: Tx, tables: readonly TableShape[]): Promise<void> {
  for (const { name } of tables) {
    const rows = await rowsOf<unknown>(tx, sql`select 1 from ${sql.identifier(name)} limit 1`)
    if (rows.length > 0) {
      throw fault(`只能导入到空的数据库；表 ${name} 中已有数据`, `only an empty store takes an import; ${name} has rows`)
    }
  }
}

async function toggleTriggers(tx: Tx, tables: readonly TableShape[], how: 'enable' | 'disable'): Promise<void> {
  for (const { name } of tables) await tx.execute(sql.raw(`alter table ${quotedName(name)} ${how} trigger user`))
}

/** All rows of a table go in as one statement, because rows of one table may refer to each other. */
async function readTable(tx: Tx, { name, columns }: TableShape, reader: Reader): Promise<number> {
  const start = rowStart(name)
  let count = 0
  let batch: string[] = []
  let letters = 0
  const stage = async () => {
    if (batch.length === 0) return
    await tx.execute(sql`insert into staged_rows select json_array_elements(${`[${batch.join(',')}]`}::json)`)
    batch = []
    letters = 0
  }
  for (let line = await reader.peek(); line?.startsWith(start) === true; line = await reader.peek()) {
    await reader.next()
    if (!rowSchema.safeParse(parsed(line)).success) throw new StoreFault(CUT)
    batch.push(line.slice(start.length, -1))
    count += 1
    letters += line.length
    if (letters > LETTERS_AT_ONCE) await stage()
  }
  await stage()
  if (count === 0) return 0
  const list = columns.map((column) => quotedName(column.name)).join(', ')
  const picked = columns.map((column) => `r.${quotedName(column.name)}${column.isJson ? ' -> 0' : ''}`).join(', ')
  try {
    await tx.execute(sql.raw(`insert into ${quotedName(name)} (${list}) overriding system value
      select ${picked} from staged_rows, json_populate_record(null::${quotedName(name)}, line) r`))
  } catch (error) {
    const isOfTheFile = isBadValue(error) || (sqlStateOf(error) ?? '').startsWith('23')
    throw isOfTheFile ? new StoreFault(CUT) : error
  }
  await tx.execute(sql`truncate staged_rows`)
  return count
}

async function readSequences(tx: Tx, reader: Reader): Promise<z.infer<typeof sequenceSchema>[]> {
  const known = new Set((await sequencesOf(tx)).map(({ sequence }) => sequence))
  const states: z.infer<typeof sequenceSchema>[] = []
  for (let line = await reader.peek(); line?.startsWith('{"sequence":') === true; line = await reader.peek()) {
    await reader.next()
    const state = sequenceSchema.safeParse(parsed(line))
    if (!state.success || !known.has(state.data.sequence)) throw new StoreFault(CUT)
    states.push(state.data)
  }
  return states
}
