import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../src/db/database.js'
import { scenarioZip } from '../src/interop/scenarioOut.js'
import { claimRun, reportProgress } from '../src/planning/store.js'
import { story } from './campaigns/given.js'
import { Stage } from './campaigns/sessionAttacks.js'
import { eachDatabase } from './support/databases.js'
import { aroundStatements } from './support/statements.js'

const CITY = { kind: 'city' }
const title = { zh: '测试', en: 'tests' }
const MINUTE = 60_000
type Headers = Readonly<Record<string, string>>

/** A line on which somebody listens: what was heard on it, and whether it is over. */
class Line {
  readonly heard: string[] = []
  isOver = false
  private readonly gone = new AbortController()

  static async open(stage: Stage, path: string, headers: Headers): Promise<Line> {
    const line = new Line()
    const response = await fetch(`${stage.served.address}${path}`, { headers, signal: line.gone.signal })
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
    void line.read(response).catch(() => undefined)
    return line
  }

  end(): void {
    this.gone.abort()
  }

  private async read({ body }: Response): Promise<void> {
    let text = ''
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      const parts = (text + Buffer.from(chunk).toString('utf8')).split('\n\n')
      text = parts.pop() ?? ''
      for (const part of parts) {
        const data = /^data: (.*)$/m.exec(part)?.[1]
        if (data !== undefined) this.heard.push((JSON.parse(data) as { id: string }).id)
      }
    }
    this.isOver = true
  }
}

const soon = { timeout: 8000, interval: 20 }

eachDatabase((_, open) => {
  describe('whoever listens', () => {
    let db: Database
    let stage: Stage
    let desk: Headers
    let looks = 0
    beforeAll(async () => {
      const store = await open()
      db = { ...store, inSnapshot: (work, needs) => store.inSnapshot(async (tx) => {
        aroundStatements(tx, { run: ({ sql }, execute) => {
          if (/from "session"/.test(sql)) looks += 1
          return execute()
        } })
        return work(tx)
      }, needs) }
      stage = await Stage.open(db)
      desk = await stage.key('desk', [{ role: 'planner', scope: CITY }, { role: 'transferDesk', scope: CITY }])
      const content = scenarioZip(story('chongqing-2020-01-29'))
      expect((await stage.ask('/api/scenario', { method: 'POST', headers: desk, bytes: { type: 'application/zip', content } })).status).toBe(201)
    }, 60_000)
    afterAll(() => stage.served.close())

    let occupied = 1
    async function report(pool: string): Promise<void> {
      occupied += 1
      const said = await stage.ask(`/api/pools/${encodeURIComponent(pool)}/report`, { method: 'PUT', headers: desk, body: { staffed: 'unknown', occupied } })
      expect(said.status, said.text).toBe(200)
    }
    /** Tells of one more change, which whoever still listens has heard when this is over. */
    async function told(control: Line, pool: string): Promise<void> {
      const count = control.heard.length
      await report(pool)
      await expect.poll(() => control.heard.length, soon).toBeGreaterThan(count)
    }
    async function changed(kind: 'accounts' | 'api-keys', id: string, change: object): Promise<void> {
      const { headers, json } = await stage.asAdministrator('GET', `/api/${kind}/${id}`)
      const { grants, expiresAt } = json as { grants: unknown; expiresAt?: string }
      const body = { title, grants, ...(expiresAt === undefined ? {} : { expiresAt }), ...change }
      await stage.asAdministrator('PUT', `/api/${kind}/${id}`, body, { 'if-match': headers.get('etag') ?? '' })
    }
    async function planAsked(): Promise<string> {
      const said = await stage.ask('/api/plan-runs', { method: 'POST', headers: desk, body: {} })
      expect(said.status, said.text).toBe(202)
      return (said.json as { id: string }).id
    }

    const ends: [string, (id: string) => Promise<Headers>, (id: string, headers: Headers) => Promise<unknown>][] = [
      ['has signed out', (id) => stage.account(id), (_id, headers) => stage.ask('/api/session', { method: 'DELETE', headers })],
      ['is disabled', (id) => stage.account(id), (id) => changed('accounts', id, { disabled: true })],
      ['lost the role', (id) => stage.account(id), (id) => changed('accounts', id, { grants: [{ role: 'administrator', scope: CITY }] })],
      ['has a key that is revoked', (id) => stage.key(id), (id) => changed('api-keys', id, { revoked: true })],
    ]
    test.each(ends)('and %s hears nothing more of changes or of a run', async (name, made, ended) => {
      const id = name.replaceAll(' ', '-')
      const headers = await made(id)
      const run = await planAsked()
      const paths = ['/api/changes', `/api/plan-runs/${run}/events`]
      const [changes, events] = await Promise.all(paths.map((path) => Line.open(stage, path, headers)))
      const [control, other] = await Promise.all(paths.map((path) => Line.open(stage, path, desk)))
      if (changes === undefined || events === undefined || control === undefined || other === undefined) throw new Error('four lines')
      await told(control, 'phc/severe')
      await expect.poll(() => [changes.heard.at(-1), events.heard.length], soon).toEqual(['phc/severe', 1])
      await ended(id, headers)
      await told(control, 'sanxia/severe')
      await db.inTransaction(async (tx) => {
        const claim = await claimRun(tx, 'w', stage.clock.now())
        if (claim !== null) await reportProgress(tx, claim, { done: 1, of: 2, title }, stage.clock.now())
      })
      await expect.poll(() => [changes.isOver, events.isOver], soon).toEqual([true, true])
      await expect.poll(() => other.heard.length, soon).toBeGreaterThan(1)
      expect([changes.heard.includes('sanxia/severe'), events.heard.length, control.isOver, other.isOver]).toEqual([false, 1, false, false])
      for (const line of [control, other]) line.end()
      await stage.ask(`/api/plan-runs/${run}/cancel`, { method: 'POST', headers: desk })
    }, 60_000)

    test('and looks after another place now hears of that one only', async () => {
      const headers = await stage.account('ward', [{ role: 'bedManager', scope: { kind: 'place', id: 'phc' } }])
      const [own, control] = [await Line.open(stage, '/api/changes', headers), await Line.open(stage, '/api/changes', desk)]
      for (const pool of ['phc/severe', 'sanxia/severe']) await told(control, pool)
      await expect.poll(() => own.heard, soon).toEqual(['phc/severe'])
      await changed('accounts', 'ward', { grants: [{ role: 'bedManager', scope: { kind: 'place', id: 'sanxia' } }] })
      for (const pool of ['phc/ordinary', 'sanxia/ordinary']) await told(control, pool)
      await expect.poll(() => own.heard, soon).toEqual(['phc/severe', 'sanxia/ordinary'])
      for (const line of [own, control]) line.end()
    }, 60_000)

    test('keeps no session from running out, and one that is used goes on', async () => {
      const [idle, used] = [await stage.account('idle'), await stage.account('used')]
      const lines = [await Line.open(stage, '/api/changes', idle), await Line.open(stage, '/api/changes', used)]
      const control = await Line.open(stage, '/api/changes', desk)
      for (const pool of ['phc/severe', 'phc/ordinary', 'sanxia/severe', 'sanxia/ordinary']) {
        stage.clock.forward(9 * MINUTE)
        expect((await stage.ask('/api/session', { headers: used })).status).toBe(200)
        await told(control, pool)
      }
      await expect.poll(() => lines.map(({ isOver }) => isOver), soon).toEqual([true, false])
      expect(lines.map(({ heard }) => heard.length)).toEqual([3, 4])
      for (const line of [...lines, control]) line.end()
    }, 60_000)

    test('is ten at most of one account, of each kind, and other accounts go on', async () => {
      const [many, one] = [await stage.key('many'), await stage.account('one')]
      const run = await planAsked()
      for (const path of ['/api/changes', `/api/plan-runs/${run}/events`]) {
        const lines = await Promise.all(Array.from({ length: 10 }, () => Line.open(stage, path, many)))
        const eleventh = await stage.ask(path, { headers: many })
        expect([eleventh.status, eleventh.json]).toEqual([503, expect.objectContaining({
          code: 'tooManyListeners', detail: 'this account or key listens at 10 places already; end one of them first',
        })])
        lines.push(await Line.open(stage, path, one))
        lines[0]?.end()
        await expect.poll(async () => {
          const again = await fetch(`${stage.served.address}${path}`, { headers: many })
          await again.body?.cancel()
          return again.status
        }, soon).toBe(200)
        for (const line of lines) line.end()
      }
      await stage.ask(`/api/plan-runs/${run}/cancel`, { method: 'POST', headers: desk })
    }, 60_000)

    test('and hears nothing is found out by the sign of life, all of them by one look', async () => {
      const run = await planAsked()
      const accounts = await Promise.all(Array.from({ length: 3 }, (__, i) => stage.key(`quiet-${i}`)))
      const leaving = await stage.account('leaving')
      const lines = await Promise.all([...accounts, ...accounts, ...accounts, leaving].map((headers) => Line.open(stage, `/api/plan-runs/${run}/events`, headers)))
      await expect.poll(() => lines.map(({ heard }) => heard.length), soon).toEqual(lines.map(() => 1))
      await stage.ask('/api/session', { method: 'DELETE', headers: leaving })
      looks = 0
      await expect.poll(() => lines.filter(({ isOver }) => isOver).length, { timeout: 17_000, interval: 100 }).toBe(1)
      expect([lines.at(-1)?.isOver, looks <= 1]).toEqual([true, true])
      for (const line of lines) line.end()
      expect(stage.served.bugs).toEqual([])
    }, 60_000)
  })
})
