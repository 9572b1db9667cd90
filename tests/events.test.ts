import { sql } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { machine } from '../src/app/machine.js'
import type { Database } from '../src/db/database.js'
import { issuedAt } from '../src/dispatch/issued.js'
import { scenarioZip } from '../src/interop/scenarioOut.js'
import { text } from '../src/kernel/text.js'
import { planJson } from '../src/planning/planJson.js'
import { planFor, type PlanOutcome, type RunOptions } from '../src/planning/run.js'
import { RunLoop, type RunLoopNeeds } from '../src/planning/runLoop.js'
import { PlanCancelled } from '../src/planning/solve/engine.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { eventsAfter } from '../src/planning/store.js'
import { story } from './campaigns/given.js'
import { eachDatabase } from './support/databases.js'
import { ask, type Served, serving } from './support/serving.js'

afterAll(closeSolvers)

type Planner = RunLoopNeeds['planFor']
const SMALL = story('one-full-one-empty')
let outcome: Promise<PlanOutcome> | null = null
/** A plan of the small story, made once. */
const smallOutcome = (): Promise<PlanOutcome> => (outcome ??= planFor(SMALL, { engine: 'highs', milliseconds: 20_000, secondOpinion: false }))

interface Heard {
  readonly id: number
  readonly event: string
  readonly data: { readonly id: string; readonly state: string; readonly done: number }
}

/** Events of a stream until it ends, or until so many were heard: then the line is cut. */
async function heard(served: Served, run: string, { after = null, most = Number.POSITIVE_INFINITY }: { after?: number | null; most?: number } = {}): Promise<Heard[]> {
  const headers = after === null ? {} : { 'last-event-id': String(after) }
  const response = await fetch(`${served.address}/api/plan-runs/${run}/events`, { headers })
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
  const events: Heard[] = []
  if (most === 0) {
    await response.body?.cancel()
    return events
  }
  let rest = ''
  for await (const chunk of response.body ?? []) {
    const parts = (rest + Buffer.from(chunk).toString('utf8')).split('\n\n')
    rest = parts.pop() ?? ''
    for (const part of parts.filter((one) => !one.startsWith(':'))) {
      const fields = Object.fromEntries(part.split('\n').map((row) => [row.slice(0, row.indexOf(': ')), row.slice(row.indexOf(': ') + 2)]))
      events.push({ id: Number(fields['id']), event: String(fields['event']), data: JSON.parse(String(fields['data'])) as Heard['data'] })
      if (events.length === most) return events
    }
  }
  return events
}

const stateOf = async (served: Served, id: string): Promise<string> => ((await ask(served.address, `/api/plan-runs/${id}`)).json as { state: string }).state

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!await holds()) await new Promise((resolve) => setTimeout(resolve, 10))
}

async function askedFor(served: Served, { asOf, planDay }: Pick<typeof SMALL, 'asOf' | 'planDay'> = SMALL): Promise<string> {
  const { status, json } = await ask(served.address, '/api/plan-runs', { method: 'POST', body: { asOf, planDay, secondOpinion: false } })
  expect(status).toBe(202)
  return (json as { id: string }).id
}

async function filled(db: Database, planner: Planner, scenario = SMALL): Promise<Served> {
  const served = await serving(db, { isPlanning: true, planner })
  const { status } = await ask(served.address, '/api/scenario', { method: 'POST', bytes: { type: 'application/zip', content: scenarioZip(scenario) } })
  expect(status).toBe(201)
  return served
}

/** A planner that takes a step when it is told to. */
class Stepper {
  private go: () => void = () => undefined
  private done = 0
  isAtWork = false

  constructor(private readonly steps: number) {}

  readonly plan = async (_: unknown, { onProgress }: RunOptions): Promise<PlanOutcome> => {
    const result = await smallOutcome()
    this.isAtWork = true
    while (this.done < this.steps) {
      await new Promise<void>((resolve) => { this.go = resolve })
      this.done += 1
      onProgress?.({ done: this.done, of: this.steps, title: text(`第 ${this.done} 级`, `level ${this.done}`) })
    }
    return result
  }

  step(): void {
    this.go()
  }
}

eachDatabase((_, open) => {
  test('progress is heard once and in order over lines that are cut, while it happens and afterwards', async () => {
    const db = await open()
    const stepper = new Stepper(3)
    const served = await filled(db, stepper.plan)
    const id = await askedFor(served)
    await until(() => stepper.isAtWork)
    const begin = await heard(served, id, { most: 2 })
    expect(begin.map(({ event }) => event)).toEqual(['queued', 'running'])
    // One step while nobody listens, the others while somebody does.
    stepper.step()
    await until(async () => (await db.inSnapshot((tx) => eventsAfter(tx, id, 0))).length === 3)
    const middle = heard(served, id, { after: begin.at(-1)?.id ?? 0, most: 2 })
    stepper.step()
    const live = await middle
    expect(live.map(({ data }) => data.done)).toEqual([1, 2])
    const last = heard(served, id, { after: live.at(-1)?.id ?? 0 })
    stepper.step()
    const end = await last
    expect(end.map(({ event, data }) => [event, data.done])).toEqual([['running', 3], ['done', 3]])

    const kept = (await db.inSnapshot((tx) => eventsAfter(tx, id, 0))).map(({ seq, kind, data }) => ({ id: seq, event: kind, data }))
    expect([...begin, ...live, ...end]).toEqual(kept)
    expect(kept.map((one) => one.id)).toEqual([1, 2, 3, 4, 5, 6])
    for (let cut = 0; cut <= kept.length; cut += 1) {
      const before = await heard(served, id, { most: cut })
      expect([...before, ...await heard(served, id, { after: before.at(-1)?.id ?? 0 })]).toEqual(kept)
    }
    expect(served.bugs).toEqual([])
    await served.close()
  })

  test('what is not there is not watched', async () => {
    const served = await serving(await open())
    expect(await ask(served.address, '/api/plan-runs/none/events')).toMatchObject({ status: 404, json: { code: 'notFound' } })
    const id = await askedFor(served)
    const bad = await ask(served.address, `/api/plan-runs/${id}/events`, { headers: { 'last-event-id': 'x' } })
    expect(bad).toMatchObject({ status: 400, json: { code: 'invalidInput' } })
    // The service ends its streams when it closes.
    const watched = heard(served, id)
    await served.close()
    expect((await watched.catch(() => [])).length).toBeLessThanOrEqual(1)
  })

  test('a run that is cancelled is so at once; its computing stops, and the next is computed', async () => {
    const ends: string[] = []
    let runs = 0
    // The first is planned over and over, so that it is surely computing when it is cancelled.
    const planner: Planner = async (scenario, options) => {
      runs += 1
      const isFirst = runs === 1
      try {
        let result = await planFor(scenario, { ...options, onProgress: () => undefined })
        while (isFirst) result = await planFor(scenario, { ...options, onProgress: () => undefined })
        return result
      } catch (error) {
        ends.push(error instanceof PlanCancelled ? 'stopped' : String(error))
        throw error
      }
    }
    const city = story('chongqing-2020-01-29')
    const served = await filled(await open(), planner, city)
    const id = await askedFor(served, city)
    await until(() => runs === 1)
    const watched = heard(served, id)
    const cancelled = await ask(served.address, `/api/plan-runs/${id}/cancel`, { method: 'POST' })
    expect(cancelled).toMatchObject({ status: 200, json: { state: 'cancelled' } })
    expect(await stateOf(served, id)).toBe('cancelled')
    expect((await watched).at(-1)?.event).toBe('cancelled')
    await until(() => ends.length > 0)
    expect(ends).toEqual(['stopped'])
    // Who comes second is told who won.
    const who = expect.stringMatching(/^the run is cancelled by local at 20/)
    expect(await ask(served.address, `/api/plan-runs/${id}/cancel`, { method: 'POST' })).toMatchObject({ status: 409, json: { code: 'runIsOver', detail: who } })
    expect(await ask(served.address, `/api/plan-runs/${id}/approve`, { method: 'POST', body: {} })).toMatchObject({ status: 409, json: { code: 'noPlan', detail: who } })
    expect(await ask(served.address, `/api/plan-runs/${id}/plan`)).toMatchObject({ status: 409, json: { code: 'noPlan' } })

    const next = await askedFor(served, city)
    expect((await heard(served, next)).at(-1)?.event).toBe('done')
    expect(served.bugs).toEqual([])
    await served.close()
  })

  test('the run of a worker that died is taken over, and what the dead one brings later is not taken', async () => {
    const db = await open()
    const real = await smallOutcome()
    let finish: (result: PlanOutcome) => void = () => undefined
    let isAtWork = false
    let isDead = false
    let wake: () => void = () => undefined
    const asleep = new Promise<never>((_resolve, reject) => { wake = () => reject(new Error('it was away')) })
    asleep.catch(() => undefined)
    // It hangs in the middle of computing: no heartbeat, no result, until it wakes far too late.
    const dying: Database = {
      kind: db.kind, triedAgain: db.triedAgain, close: async () => undefined, listen: async () => async () => undefined,
      inSnapshot: (work) => db.inSnapshot(work), inTransaction: (work) => (isDead ? asleep : db.inTransaction(work)),
    }
    const served = await serving(db)
    await ask(served.address, '/api/scenario', { method: 'POST', bytes: { type: 'application/zip', content: scenarioZip(SMALL) } })
    const first = new RunLoop({
      db: dying, clock: machine, worker: 'first', issuedAt, onTrouble: (why) => served.bugs.push(why),
      planFor: () => new Promise((resolve) => {
        isAtWork = true
        finish = resolve
      }),
    })
    first.start()
    const id = await askedFor(served)
    await until(() => isAtWork)
    isDead = true
    // Fifteen seconds of silence, without waiting for them.
    await db.inTransaction((tx) => tx.execute(sql`update plan_run set lease_until = now() - interval '1 second' where id = ${id}`))
    let isTakenOver = false
    let release: () => void = () => undefined
    const second = new RunLoop({
      db, clock: machine, worker: 'second', issuedAt, onTrouble: (why) => served.bugs.push(why),
      planFor: async () => {
        isTakenOver = true
        await new Promise<void>((resolve) => { release = resolve })
        return real
      },
    })
    second.start()
    await until(() => isTakenOver)
    isDead = false
    wake()
    finish({ ...real, plan: { ...real.plan, summary: text('迟到', 'late') } })
    await first.stop()
    expect(await stateOf(served, id)).toBe('running')
    release()
    expect((await heard(served, id)).map(({ event }) => event)).toEqual(['queued', 'running', 'running', 'done'])
    expect((await ask(served.address, `/api/plan-runs/${id}/plan`)).text).toBe(planJson(real.plan))
    await second.stop()
    expect((await ask(served.address, '/api/integrity')).json).toEqual({ findings: [] })
    expect(served.bugs).toEqual([])
    await served.close()
  })
})
