import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { demonstrationId, FIRST_ACCOUNT } from '../src/access/accounts.js'
import { putAccount } from '../src/access/commands.js'
import { firstInvitation } from '../src/app/firstStart.js'
import { startAct } from '../src/app/startAct.js'
import { rowsOf } from '../src/db/rows.js'
import { Stage } from './campaigns/sessionAttacks.js'
import { eachDatabase } from './support/databases.js'
import { ask, type Said, serving, StandingClock } from './support/serving.js'

const CITY = { kind: 'city' } as const
const title = { zh: '测试', en: 'tests' }
const ADMINISTRATOR = [{ role: 'administrator', scope: CITY } as const]
const PASSWORD = 'nine herons over the weir'

async function changed(stage: Stage, id: string, body: object): Promise<Said> {
  const { headers } = await stage.asAdministrator('GET', `/api/accounts/${id}`)
  return stage.asks('PUT', `/api/accounts/${id}`, { title, ...body }, { 'if-match': headers.get('etag') ?? '' })
}

eachDatabase((_, open) => {
  test('whoever is the last administrator who can sign in stays one, whoever else was put down or invited; the next start has a word where none can', async () => {
    const db = await open()
    const stage = await Stage.open(db)
    const taken = (word: string | null) => stage.ask('/api/invitation', { method: 'POST', body: { word, password: PASSWORD } })
    const invited = () => firstInvitation(db, stage.clock, stage.served.app.signIn)
    const word = await stage.invited('second', ADMINISTRATOR)
    await stage.invited('third', ADMINISTRATOR)
    for (const way of [
      { grants: ADMINISTRATOR, disabled: true }, { grants: [] }, { grants: [{ role: 'administrator', scope: { kind: 'unit', id: 'south' } }] },
    ]) {
      const { status, json } = await changed(stage, FIRST_ACCOUNT, way)
      expect([status, json]).toEqual([409, expect.objectContaining({
        code: 'lastAdministrator', detail: 'no administrator but administrator can sign in; let another one take an invitation and choose a password first',
      })])
    }
    expect((await changed(stage, 'third', { grants: [] })).status).toBe(200)
    expect((await taken(word)).status).toBe(200)
    expect((await changed(stage, FIRST_ACCOUNT, { grants: [{ role: 'planner', scope: CITY }], disabled: true })).status).toBe(200)
    expect(await invited()).toBe(null)
    // As a store may have been left: somebody can sign in, but nobody who looks after accounts.
    await db.inTransaction((tx) => tx.execute(sql`delete from account_password where account = 'second'`))
    const said = await taken(await invited())
    expect([said.status, said.json]).toEqual([200, expect.objectContaining({ account: FIRST_ACCOUNT, grants: ADMINISTRATOR })])
    expect(await invited()).toBe(null)
    // Whatever somebody does to their own account stands in the journal with the request that did it.
    const { headers } = said
    const cookie = headers.getSetCookie().map((line) => line.split(';')[0]).join('; ')
    const request = 'a-change-of-password'
    const changing = await stage.ask('/api/session/password', {
      method: 'PUT', headers: { cookie, origin: stage.served.address, 'x-request-id': request }, body: { old: PASSWORD, next: 'seven white sails in May' },
    })
    expect(changing.status).toBe(204)
    const lines = await db.inSnapshot((tx) => rowsOf(tx, sql`select subject, request from journal where action = 'passwordChanged'`))
    expect(lines).toEqual([{ subject: FIRST_ACCOUNT, request }])
    expect(stage.served.bugs).toEqual([])
    await stage.served.close()
  }, 120_000)

  test('the administrator of a demonstration, who needs no password there, counts as one who can sign in', async () => {
    const db = await open()
    const clock = new StandingClock(new Date('2020-01-30T08:00:00+08:00'))
    const own = demonstrationId('administrator')
    for (const id of [own, 'second']) {
      await db.inTransaction((tx) => putAccount(startAct(tx, clock), id, { title, grants: ADMINISTRATOR.slice(), disabled: false }))
    }
    const served = await serving(db, { clock, isDemonstration: true })
    const resigned = (id: string) => ask(served.address, `/api/accounts/${id}`, { method: 'PUT', headers: { 'if-match': '"1"' }, body: { title, grants: [] } })
    expect([(await resigned(own)).status, (await resigned('second')).status]).toEqual([409, 200])
    await served.close()
  }, 120_000)
})
