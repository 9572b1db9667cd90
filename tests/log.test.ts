import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { logTo } from '../src/app/log.js'
import { DatabaseUnavailable } from '../src/db/errors.js'
import { eachDatabase } from './support/databases.js'

const CANARY = '忠县-canary'

function lineOf(error: unknown): string {
  const lines: string[] = []
  logTo('warn', { write: (line) => void lines.push(line) }).error({ err: error }, 'bug')
  return lines.join('')
}

eachDatabase((_, open) => {
  test('a log does not repeat what a statement was to write', async () => {
    const db = await open()
    const failures = [
      ['23514', sql`insert into record_version (kind, id, version, body, effective_at, recorded_at, recorded_by) values ('case', ${CANARY}, 0, ${`{"a":"${CANARY}"}`}::jsonb, now(), now(), ${CANARY})`],
      ['22P02', sql`select ${CANARY}::integer`],
    ] as const
    for (const [sqlState, failure] of failures) {
      const error: unknown = await db.inTransaction((tx) => tx.execute(failure)).catch((why: unknown) => why)
      expect(error).toBeInstanceOf(Error)
      for (const one of [error, new DatabaseUnavailable('busy', error), new Error('again', { cause: error })]) {
        const line = lineOf(one)
        expect(line).not.toContain('canary')
        expect(JSON.parse(line)).toMatchObject({ msg: 'bug', err: { sqlState } })
        expect(JSON.parse(line).err.at.length).toBeGreaterThan(0)
      }
    }
  })
})

test('a log says what another error says, and where it came from', () => {
  const { err } = JSON.parse(lineOf(new TypeError('x is not a function', { cause: 'y' }))) as { err: Record<string, unknown> }
  expect(err).toMatchObject({ name: 'TypeError', message: 'x is not a function', cause: { name: 'string', message: null } })
  expect(String((err['at'] as string[])[0])).toMatch(/^at .*log\.test/)
})
