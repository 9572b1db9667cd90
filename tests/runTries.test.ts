import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { issuedAt } from '../src/dispatch/issued.js'
import { machine } from '../src/app/machine.js'
import type { Database } from '../src/db/database.js'
import { RunLoop } from '../src/planning/runLoop.js'
import { runRequestSchema } from '../src/planning/runs.js'
import { beat, cancelRun, claimRun, failRun, queueRun, releaseRun, runById } from '../src/planning/store.js'
import { eachDatabase } from './support/databases.js'
import { ask, serving } from './support/serving.js'

const queued = (db: Database, by = 'x') => db.inTransaction((tx) =>
  queueRun(tx, { id: machine.newId(), request: runRequestSchema.parse({}), by, at: machine.now() }))
const claimed = (db: Database) => db.inTransaction((tx) => claimRun(tx, 'w', machine.now()))

/** Runs the one that waits and gives why it failed. */
async function reasonsOf(db: Database, id: string): Promise<readonly string[]> {
  const troubles: unknown[] = []
  const loop = new RunLoop({ db, clock: machine, issuedAt, worker: 'w', planFor: () => Promise.reject(new Error('not asked')), onTrouble: (why) => troubles.push(why) })
  loop.start()
  try {
    for (;;) {
      const run = await db.inTransaction((tx) => runById(tx, id))
      if (run?.state === 'failed') return run.reasons?.map(({ en }) => en) ?? []
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  } finally {
    await loop.stop()
  }
}

eachDatabase((_, open) => {
  test('five of one account wait at most, however many are asked for at once; the others ask as ever', async () => {
    const db = await open()
    const served = await serving(db)
    const asked = (by: string) => ask(served.address, '/api/plan-runs', { method: 'POST', headers: { authorization: `Post ${by}` }, body: { planDay: '2020-01-30', asOf: '2020-01-30T00:00:00+08:00' } })
    const answers = await Promise.all(Array.from({ length: 12 }, () => asked('many')))
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array.from({ length: 5 }, () => 202), ...Array.from({ length: 7 }, () => 429)])
    expect(answers.find(({ status }) => status === 429)?.json).toMatchObject({
      code: 'tooManyTries', detail: '5 runs of this account or key wait already; once one of them is computed or cancelled ask again, with a new key',
    })
    expect((await asked('one')).status).toBe(202)
    await claimed(db)
    expect([(await asked('many')).status, (await asked('many')).status, served.bugs]).toEqual([202, 429, []])
    await served.close()
  })

  test('workers that are restarted in order do not use a run up; workers that die do', async () => {
    const db = await open()
    const { id } = await queued(db)
    for (let restarts = 0; restarts < 5; restarts += 1) {
      const run = await claimed(db)
      expect(run?.fence).toBe(restarts + 1)
      if (run !== null) await db.inTransaction((tx) => releaseRun(tx, run, machine.now()))
    }
    for (let deaths = 0; deaths < 3; deaths += 1) {
      expect(await claimed(db)).not.toBeNull()
      await db.inTransaction((tx) => tx.execute(sql`update plan_run set lease_until = now() - interval '1 second' where id = ${id}`))
    }
    expect(await claimed(db)).toBeNull()
    expect(await db.inSnapshot((tx) => runById(tx, id))).toMatchObject({ state: 'failed', reasons: [{ en: 'it was begun 3 times, and broke off each time' }] })
  })

  test('who has waited longest is computed first', async () => {
    const db = await open()
    const asked = async (minutesAgo: number) => (await db.inTransaction((tx) => queueRun(tx, {
      id: machine.newId(), request: runRequestSchema.parse({}), by: 'x', at: new Date(machine.now().getTime() - minutesAgo * 60_000),
    }))).id
    const [second, third, first] = [await asked(2), await asked(1), await asked(3)]
    expect([(await claimed(db))?.id, (await claimed(db))?.id, (await claimed(db))?.id, await claimed(db)]).toEqual([first, second, third, null])
  })

  test('who says that they live keeps the run; who was called off neither keeps nor ends it', async () => {
    const db = await open()
    const { id } = await queued(db)
    const run = await claimed(db)
    if (run === null) throw new Error('nothing waited')
    // Only just alive still: it is taken from them unless they say so.
    await db.inTransaction((tx) => tx.execute(sql`update plan_run set lease_until = now() - interval '1 second' where id = ${id}`))
    expect(await db.inTransaction((tx) => beat(tx, run))).toBe(true)
    expect(await claimed(db)).toBeNull()
    await db.inTransaction((tx) => cancelRun(tx, id, machine.now()))
    expect(await db.inTransaction((tx) => beat(tx, run))).toBe(false)
    expect(await db.inTransaction((tx) => failRun(tx, run, { reasons: [{ zh: '晚', en: 'late' }], snapshot: null, snapshotHash: null }, machine.now()))).toBeNull()
    expect(await db.inSnapshot((tx) => runById(tx, id))).toMatchObject({ state: 'cancelled', reasons: null })
  })

  test('whoever asks for many does not keep the others waiting: each has a turn, and of their own the oldest first', async () => {
    const db = await open()
    const asked: [string, string][] = []
    for (const by of ['many', 'many', 'many', 'many', 'one', 'two', 'two']) asked.push([by, (await queued(db, by)).id])
    const turns: (readonly [string, string])[] = []
    const turn = async () => {
      const run = await claimed(db)
      if (run !== null) turns.push([run.requestedBy, run.id])
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    for (let i = 0; i < 3; i += 1) await turn()
    // Whoever died with it has not had it computed.
    await db.inTransaction((tx) => tx.execute(sql`update plan_run set lease_until = now() - interval '1 second' where id = ${turns[0]?.[1] ?? ''}`))
    for (let i = 0; i < 5; i += 1) await turn()
    expect(turns.map(([by]) => by)).toEqual(['many', 'one', 'two', 'many', 'two', 'many', 'many', 'many'])
    const own = [...turns.slice(0, 3), ...turns.slice(4)].filter(([by]) => by === 'many')
    expect(own).toEqual(asked.filter(([by]) => by === 'many'))
    expect([turns[3], turns[2]?.[1] === turns[4]?.[1], await claimed(db)]).toEqual([turns[0], false, null])
  })

  test('a picture that cannot be read fails its run, and says why', async () => {
    const db = await open()
    const slow = Object.assign(new Error('slow'), { code: '57014' })
    const rows = [[slow, 'reading the picture took longer'], [new TypeError('a bug'), 'the program failed']] as const
    for (const [error, says] of rows) {
      const { id } = await queued(db)
      const unread: Database = { ...db, inSnapshot: () => Promise.reject(error) }
      expect(await reasonsOf(unread, id)).toEqual([expect.stringContaining(says)])
    }
  })
})
