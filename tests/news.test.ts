import { expect, test } from 'vitest'
import { machine } from '../src/app/machine.js'
import type { Database } from '../src/db/database.js'
import { DatabaseUnavailable } from '../src/db/errors.js'
import type { Listener } from '../src/db/feeds.js'
import { Refused } from '../src/kernel/refusal.js'
import { SYSTEM } from '../src/kernel/roles.js'
import { RunNews } from '../src/planning/news.js'
import { runRequestSchema } from '../src/planning/runs.js'
import { cancelRun, claimRun, failRun, queueRun } from '../src/planning/store.js'
import { freshDatabase } from './support/databases.js'
import { ask, serving } from './support/serving.js'

const queued = (db: Database) => db.inTransaction((tx) =>
  queueRun(tx, { id: machine.newId(), request: runRequestSchema.parse({}), by: 'x', at: machine.now() }))
let listeners = 0
/** Each is another account, which listens for ever. */
function listener(): Listener {
  listeners += 1
  return { id: `listener ${listeners}`, gone: new AbortController().signal, whoNow: async () => SYSTEM }
}

async function kinds(told: AsyncIterable<{ readonly events: readonly { kind: string }[] }>): Promise<string[]> {
  const heard: string[] = []
  for await (const { events } of told) heard.push(...events.map(({ kind }) => kind))
  return heard
}

test('many who listen to one run cost one look, and a database that is away is waited for', async () => {
  const { database, end } = await freshDatabase('embedded')
  let looks = 0
  let isAway = true
  let listens = 0
  const counted: Database = {
    ...database,
    inSnapshot: async (work, needs) => {
      looks += 1
      if (isAway) throw new DatabaseUnavailable('connectionLost')
      return database.inSnapshot(work, needs)
    },
    listen: async (channel, heard) => {
      listens += 1
      if (listens === 1) throw new DatabaseUnavailable('cannotConnect')
      return database.listen(channel, heard)
    },
  }
  const bugs: unknown[] = []
  const news = new RunNews({ db: counted, onBug: (error) => bugs.push(error), streamsMax: 100 })
  const run = await queued(database)
  const all = Array.from({ length: 100 }, () => kinds(news.follow(run.id, 0, listener())))
  expect(() => news.follow(run.id, 0, listener())).toThrow(Refused)
  while (looks === 0) await new Promise((resolve) => setTimeout(resolve, 10))
  isAway = false
  await database.inTransaction(async (tx) => {
    const claimed = await claimRun(tx, 'w', machine.now())
    if (claimed !== null) await failRun(tx, claimed, { reasons: [{ zh: '无', en: 'nothing' }], snapshot: null, snapshotHash: null }, machine.now())
  })
  expect(await Promise.all(all)).toEqual(Array.from({ length: 100 }, () => ['queued', 'running', 'failed']))
  expect(looks).toBeLessThan(20)
  expect(listens).toBe(2)
  const last = []
  for await (const { events } of news.follow(run.id, 2, listener())) last.push(...events.map(({ data }) => data['reasons']))
  expect(last).toEqual([[{ zh: '无', en: 'nothing' }]])
  expect(bugs).toEqual([])
  await news.close()
  await end()
})

test('what goes wrong for good is told once, and the stream ends', async () => {
  const { database, end } = await freshDatabase('embedded')
  const bugs: unknown[] = []
  const news = new RunNews({ db: { ...database, inSnapshot: async () => { throw new TypeError('no') } }, onBug: (error) => bugs.push(error) })
  expect(await kinds(news.follow('x', 0, listener()))).toEqual([])
  expect(bugs).toEqual([new TypeError('no')])
  await news.close()
  await end()
})

test('asking for the head of a stream leaves nobody behind who listens', async () => {
  const { database, end } = await freshDatabase('embedded')
  let looks = 0
  const counted: Database = { ...database, inSnapshot: (work, needs) => {
    looks += 1
    return database.inSnapshot(work, needs)
  } }
  const served = await serving(counted)
  const { id } = await queued(database)
  const head = await ask(served.address, `/api/plan-runs/${id}/events`, { method: 'HEAD' })
  expect([head.status, head.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
  const before = looks
  await new Promise((resolve) => setTimeout(resolve, 1500))
  expect(looks).toBe(before)
  await database.inTransaction((tx) => cancelRun(tx, id, machine.now()))
  await served.close()
  await end()
})
