import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { integrityFindings } from '../src/db/integrity.js'
import { MIGRATIONS } from '../src/db/migrations.js'
import { rowsOf } from '../src/db/rows.js'
import { Stage } from './campaigns/sessionAttacks.js'
import { eachDatabase } from './support/databases.js'
import { type Said } from './support/serving.js'

const title = { zh: '测试', en: 'tests' }
const grants = [{ role: 'transferDesk', scope: { kind: 'city' } }]
const codeOf = ({ json }: Said) => (json as { code?: string }).code

eachDatabase((_, open) => {
  test('an account and a key that are put down at once under one id: one of them is there, and the other is told why not', async () => {
    const db = await open()
    const stage = await Stage.open(db)
    const key = { title, grants, expiresAt: stage.in(86_400_000) }
    for (let round = 0; round < 12; round += 1) {
      const id = `both-${round}`
      const answers = await Promise.all([
        stage.asks('PUT', `/api/accounts/${id}`, { title, grants }), stage.asks('PUT', `/api/api-keys/${id}`, key),
      ])
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
      const refused = answers.find(({ status }) => status === 409)
      expect(refused === undefined ? [] : [codeOf(refused), refused.text]).toEqual(['alreadyExists', expect.stringContaining('of another account or key already')])
      // Nor a moment later.
      expect((await stage.asks('PUT', `/api/accounts/${id}`, { title, grants })).status).toBeGreaterThanOrEqual(400)
      expect((await stage.asks('PUT', `/api/api-keys/${id}`, key)).status).toBeGreaterThanOrEqual(400)
    }
    expect(await db.inSnapshot((tx) => integrityFindings(tx))).toEqual([])
    expect(await db.inSnapshot((tx) => rowsOf(tx, sql`select count(*)::int as n, count(distinct id)::int as ids from principal`))).toEqual([{ n: 13, ids: 13 }])
    expect(stage.served.bugs).toEqual([])
    await stage.served.close()
  }, 60_000)

  test('a store in which both have one id already is migrated, and says so until the key is revoked', async () => {
    const db = await open()
    const stage = await Stage.open(db)
    await stage.key('his')
    // As it was before, and as two who were put down at once left it.
    await db.inTransaction(async (tx) => {
      for (const statement of [
        'drop view integrity', 'drop view integrity_access', 'drop trigger staff_account_becomes_a_principal on staff_account', 'drop trigger api_key_becomes_a_principal on api_key',
        'drop function be_a_principal', 'alter table staff_account drop column kind cascade', 'alter table api_key drop column kind cascade',
        'drop table principal', 'drop index plan_run_by_requester',
        `insert into staff_account (id, version, body, effective_at, recorded_at, recorded_by)
          select id, version, body, effective_at, recorded_at, recorded_by from api_key`,
      ]) await tx.execute(sql.raw(statement))
      for (const statement of readFileSync(join(MIGRATIONS, '0027_principals.sql'), 'utf8').split('--> statement-breakpoint')) await tx.execute(sql.raw(statement))
    })
    const twice = await db.inSnapshot((tx) => rowsOf(tx, sql`select subject, found, expected from integrity_access`))
    expect(twice).toEqual([{ subject: 'his', found: 'key', expected: 'account' }])
    const found = await stage.asAdministrator('GET', '/api/api-keys/his')
    const body = { title, grants, expiresAt: (found.json as { expiresAt: string }).expiresAt, revoked: true }
    expect((await stage.asks('PUT', '/api/api-keys/his', body, { 'if-match': found.headers.get('etag') ?? '' })).status).toBe(200)
    await stage.served.close()
  }, 60_000)
})
