import { sql } from 'drizzle-orm'
import { type Text, text } from '../kernel/text.js'
import type { Database } from './database.js'
import { rowsOf } from './rows.js'

const NEEDED = ['fsync', 'full_page_writes', 'synchronous_commit']

/** Settings of the server under which an acknowledged write could be lost; empty: none. For production. */
export async function durabilityFaults(db: Database): Promise<Text[]> {
  const settings = await db.inSnapshot((tx) => rowsOf<{ name: string; setting: string }>(tx, sql`
    select name, setting from pg_settings where name in (${sql.join(NEEDED.map((name) => sql`${name}`), sql`, `)})
    order by name`))
  return settings.filter(({ setting }) => setting === 'off').map(({ name }) => text(
    `数据库服务器的 ${name} 已关闭，断电时可能丢失已确认的数据`,
    `${name} is off on the database server: what was acknowledged could be lost with the power`
  ))
}
