import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { MIGRATIONS } from '../src/db/migrations.js'

const SRC = join(dirname(fileURLToPath(import.meta.url)), '../src')
const journal = z.object({ entries: z.array(z.object({ idx: z.int(), when: z.int(), tag: z.string() })) })
  .parse(JSON.parse(readFileSync(join(MIGRATIONS, 'meta/_journal.json'), 'utf8')))

/** The tables of every room, as the code has them. */
async function tablesAsCoded(): Promise<Record<string, unknown>> {
  const files = readdirSync(SRC).map((room) => join(SRC, room)).flatMap((room) =>
    room.endsWith('.js') || room.endsWith('.map') ? [] : readdirSync(room).filter((name) => name === 'tables.js')
      .map((name) => join(room, name)))
  const modules = await Promise.all(files.map(async (file) => (await import(file)) as Record<string, unknown>))
  return Object.assign({}, ...modules) as Record<string, unknown>
}

/** The tables after the last migration, as drizzle-kit keeps them beside it. */
function tablesAsMigrated(): Parameters<typeof generateMigration>[0] {
  const last = String(journal.entries.at(-1)?.idx ?? 0).padStart(4, '0')
  const snapshot: unknown = JSON.parse(readFileSync(join(MIGRATIONS, `meta/${last}_snapshot.json`), 'utf8'))
  return snapshot as Parameters<typeof generateMigration>[0]
}

describe('the migrations', () => {
  test('make the tables that the code has', async () => {
    const coded = generateDrizzleJson(await tablesAsCoded())
    expect(Object.keys(coded.tables).length).toBeGreaterThan(0)
    expect(await generateMigration(tablesAsMigrated(), coded)).toEqual([])
  })

  test('notice a table that the code has and they have not', async () => {
    const { pgTable, text } = await import('drizzle-orm/pg-core')
    const coded = generateDrizzleJson({ ...await tablesAsCoded(), invented: pgTable('invented', { id: text('id') }) })
    expect((await generateMigration(tablesAsMigrated(), coded)).join('\n')).toContain('CREATE TABLE "invented"')
  })

  test('are listed in the order in which they were made, each with its file', () => {
    const times = journal.entries.map(({ when }) => when)
    // The migrator skips what is not newer than the last one it ran.
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b))
    const files = readdirSync(MIGRATIONS).filter((name) => name.endsWith('.sql')).sort()
    expect(files).toEqual(journal.entries.map(({ tag }) => `${tag}.sql`))
  })
})
