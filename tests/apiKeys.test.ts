import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { forgetAccess } from '../src/app/upkeep.js'
import { integrityFindings } from '../src/db/integrity.js'
import { MIGRATIONS } from '../src/db/migrations.js'
import { momentOf } from '../src/kernel/time.js'
import { Stage } from './campaigns/sessionAttacks.js'
import { eachDatabase } from './support/databases.js'

const DAY = 24 * 3600_000
type Headers = Readonly<Record<string, string>>

/** The end of a key is put at another time, which its record then says. */
async function movedTo(stage: Stage, id: string, expiresAt: string): Promise<void> {
  const path = `/api/api-keys/${id}`
  const { headers, json } = await stage.asAdministrator('GET', path)
  const { title, grants } = json as { title: unknown; grants: unknown }
  await stage.asAdministrator('PUT', path, { title, grants, expiresAt }, { 'if-match': headers.get('etag') ?? '' })
  expect((await stage.asAdministrator('GET', path)).json).toMatchObject({ expiresAt })
}

eachDatabase((_, open) => {
  test('the secret of a key is good for as long as the key is, however often its end is moved; one that was replaced has its own', async () => {
    const db = await open()
    const stage = await Stage.open(db)
    const said = async (secret: Headers) => (await stage.ask('/api/pools', { headers: secret })).status
    const forward = async (days: number) => {
      stage.clock.forward(days * DAY)
      await stage.signedIn()
      await forgetAccess(db, stage.clock)
    }
    const [long, short, late] = [await stage.key('long'), await stage.key('short'), await stage.key('late')]
    await movedTo(stage, 'long', stage.in(60 * DAY))
    await movedTo(stage, 'short', stage.in(10 * DAY))
    await forward(11)
    expect([await said(long), await said(short), await said(late)]).toEqual([200, 401, 200])
    await forward(20)
    expect([await said(long), await said(late)]).toEqual([200, 401])
    const renewed = await stage.renewed('long')
    await movedTo(stage, 'long', stage.in(50 * DAY))
    // Whoever extends a key that has ended takes its secret back in.
    await movedTo(stage, 'late', stage.in(3 * DAY))
    expect([await said(long), await said(renewed), await said(late)]).toEqual([200, 200, 200])
    await forward(8)
    expect([await said(long), await said(renewed), await said(late)]).toEqual([401, 200, 401])
    await forward(40)
    expect(await said(renewed)).toBe(200)
    stage.clock.forward(3 * DAY)
    expect(await said(renewed)).toBe(401)
    expect([await db.inSnapshot((tx) => integrityFindings(tx)), stage.served.bugs]).toEqual([[], []])
    await stage.served.close()
  }, 120_000)

  test('a store in which secrets had the end that their keys then had is migrated', async () => {
    const db = await open()
    const stage = await Stage.open(db)
    const replaced = await stage.key('his')
    const newest = await stage.renewed('his')
    await movedTo(stage, 'his', stage.in(60 * DAY))
    // As it was before.
    const then = stage.in(30 * DAY)
    await db.inTransaction((tx) => tx.execute(sql`update api_key_secret set ends_at = ${then} where ends_at = 'infinity'`))
    for (const statement of readFileSync(join(MIGRATIONS, '0030_secrets_end_with_their_key.sql'), 'utf8').split('--> statement-breakpoint')) {
      await db.inTransaction((tx) => tx.execute(sql.raw(statement)))
    }
    stage.clock.forward(momentOf(then).getTime() - stage.clock.now().getTime() + DAY)
    expect([(await stage.ask('/api/pools', { headers: newest })).status, (await stage.ask('/api/pools', { headers: replaced })).status]).toEqual([200, 401])
    await stage.served.close()
  }, 120_000)
})
