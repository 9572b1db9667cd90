import { expect } from 'vitest'
import { startAct } from '../../src/app/startAct.js'
import type { Database } from '../../src/db/database.js'
import { markStore } from '../../src/db/storeMark.js'
import { scenarioZip } from '../../src/interop/scenarioOut.js'
import { instantOf, momentOf } from '../../src/kernel/time.js'
import type { Plan } from '../../src/planning/plan.js'
import type { Scenario } from '../../src/planning/scenario.js'
import { ask, type Asked, type Said, type Served, serving, StandingClock } from './serving.js'

export interface OrderOut {
  readonly id: string
  readonly version: number
  readonly state: string
  readonly possible: readonly string[]
  readonly patient: string
  readonly pool: string
  readonly toPlace: string
  readonly vehicle: string | null
  readonly deadline: string | null
  readonly answerBy: string | null
}

export const HANDOVER = {
  condition: 'stable', treatment: 'oxygen', belongings: 'none',
  sender: { post: 'ward', at: '2020-01-30T08:00:00+08:00' }, crew: { post: 'crew', at: '2020-01-30T08:10:00+08:00' },
  receiver: { post: 'admission', at: '2020-01-30T08:20:00+08:00' },
}

/** Signed by all three at one time. */
export const handoverAt = (at: string): typeof HANDOVER => {
  const { sender, crew, receiver } = HANDOVER
  return { ...HANDOVER, sender: { ...sender, at }, crew: { ...crew, at }, receiver: { ...receiver, at } }
}

/** The real service with a scenario in it, its clock standing at the scenario's moment, and what a desk does there. */
export class Desk {
  private constructor(readonly served: Served, readonly clock: StandingClock, readonly scenario: Scenario) {}

  static async open(db: Database, scenario: Scenario, { isDrill = false } = {}): Promise<Desk> {
    const clock = new StandingClock(momentOf(scenario.asOf))
    if (isDrill) await db.inTransaction((tx) => markStore(startAct(tx, clock), true))
    const served = await serving(db, { clock, isPlanning: true, isDrill })
    const desk = new Desk(served, clock, scenario)
    const said = await desk.say('/api/scenario', 'import', { method: 'POST', bytes: { type: 'application/zip', content: scenarioZip(scenario) } })
    expect([said.status, said.text]).toEqual([201, expect.anything()])
    return desk
  }

  say(path: string, post: string, asked: Asked = {}): Promise<Said> {
    return this.sayAt(this.served.address, path, post, asked)
  }

  /** The same at another service on the same store. */
  sayAt(address: string, path: string, post: string, asked: Asked = {}): Promise<Said> {
    return ask(address, `/api${path.replace(/^\/api/, '')}`, { ...asked, headers: { authorization: `Post ${post}`, ...asked.headers } })
  }

  post(path: string, body: object, post = 'group'): Promise<Said> {
    return this.say(path, post, { method: 'POST', body })
  }

  /** A plan that somebody asked for, computed. */
  async draft(request: object = {}, by = 'planner'): Promise<{ run: string; plan: Plan }> {
    const { id } = (await this.post('/plan-runs', { secondOpinion: false, ...request }, by)).json as { id: string }
    for (;;) {
      const { state } = (await this.say(`/plan-runs/${id}`, by)).json as { state: string }
      if (state === 'done') return { run: id, plan: (await this.say(`/plan-runs/${id}/plan`, by)).json as Plan }
      if (state === 'failed') throw new Error('the plan failed')
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  async approved(body: object = {}): Promise<{ run: string; plan: Plan; orders: readonly string[] }> {
    const drafted = await this.draft()
    const said = await this.post(`/plan-runs/${drafted.run}/approve`, body)
    expect([said.status, said.status === 200 ? '' : said.text]).toEqual([200, ''])
    return { ...drafted, orders: (said.json as { orders: string[] }).orders }
  }

  async order(id: string): Promise<OrderOut> {
    return (await this.say(`/transfer-orders/${id}`, 'reader')).json as OrderOut
  }

  /** Takes steps that must be taken, one after the other. */
  async steps(id: string, ...names: readonly ('accept' | 'dispatch' | 'arrive' | 'decontaminate')[]): Promise<void> {
    for (const name of names) {
      const said = await this.step(id, name, name === 'arrive' ? { handover: this.handover() } : {})
      expect([name, said.status, said.status === 200 ? '' : said.text]).toEqual([name, 200, ''])
    }
  }

  /** Signed by all three as the clock has it. */
  handover(): typeof HANDOVER {
    return handoverAt(instantOf(this.clock.now()))
  }

  step(id: string, name: string, body: object = {}, post = 'desk'): Promise<Said> {
    return this.post(`/transfer-orders/${id}/${name}`, body, post)
  }

  /** What one account of a pool holds, and how much of it is promised. */
  async account(pool: string, name: string): Promise<{ balance: number | null; held: number } | undefined> {
    const { accounts } = (await this.say(`/pools/${encodeURIComponent(pool)}/book`, 'reader')).json as { accounts: { account: string; balance: number | null; held: number }[] }
    const found = accounts.find(({ account }) => account === name)
    return found === undefined ? undefined : { balance: found.balance, held: found.held }
  }

  /** Ends the service, having found it sound. */
  async close(): Promise<void> {
    expect((await this.say('/integrity', 'auditor')).json).toEqual({ findings: [] })
    expect(this.served.bugs).toEqual([])
    await this.served.close()
  }
}
