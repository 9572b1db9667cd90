import type { Database } from '../../src/db/database.js'
import { openDatabase } from '../../src/db/open.js'
import { fillEmptyStore } from '../../src/app/demonstration.js'
import { keepOrders } from '../../src/dispatch/clockwork.js'
import { invariant } from '../../src/kernel/invariant.js'
import type { Role } from '../../src/kernel/roles.js'
import { closeSolvers } from '../../src/planning/solve/thread.js'
import { planFor } from '../../src/planning/run.js'
import { ask, type Said, type Served, serving, StandingClock } from '../support/serving.js'
import { story } from './given.js'
import { cookieOf } from './sessionAttacks.js'

const HOUR = 3600_000
type Order = { readonly id: string; readonly patient: string; readonly pool: string; readonly toPlace: string; readonly fromPlace: string; readonly severity: string }

/** The people of one day, each signed in with a session of their own, over the HTTP API alone. */
class Day {
  private readonly sessions = new Map<string, Readonly<Record<string, string>>>()
  constructor(private readonly served: Served, private readonly db: Database, readonly clock: StandingClock) {}

  async as(role: Role, method: string, path: string, body?: unknown): Promise<Said> {
    const headers = this.sessions.get(role) ?? await this.signIn(role)
    const said = await ask(this.served.address, path, { method, headers, ...(body === undefined ? {} : { body }) })
    invariant(said.status < 300, `${role} ${method} ${path}: ${said.status} ${said.text}`)
    return said
  }

  /** Whoever is refused is told why; anything else is a mistake of the day. */
  async refused(role: Role, code: string, method: string, path: string, body?: unknown): Promise<string> {
    const headers = this.sessions.get(role) ?? await this.signIn(role)
    const said = await ask(this.served.address, path, { method, headers, ...(body === undefined ? {} : { body }) })
    const problem = said.json as { code?: string; detail?: string } | null
    invariant(problem?.code === code, `${role} ${method} ${path}: ${said.status} ${said.text}, not ${code}`)
    return problem?.detail ?? ''
  }

  private async signIn(role: Role): Promise<Readonly<Record<string, string>>> {
    const said = await ask(this.served.address, '/api/demonstration/session', { method: 'POST', body: { role } })
    const session = cookieOf(this.served, said)
    this.sessions.set(role, session)
    return session
  }

  /** Time passes; sessions end by themselves after half an hour, and people sign in again. */
  async pass(hours: number): Promise<void> {
    this.clock.forward(hours * HOUR)
    this.sessions.clear()
    // What the service does by itself every minute.
    await keepOrders(this.db, this.clock)
  }

  async plan(by: Role): Promise<{ id: string; moves: { patient: string; pool: string }[]; summary: { en: string } }> {
    const { id } = (await this.as(by, 'POST', '/api/plan-runs', { planDay: '2020-01-30', secondOpinion: false })).json as { id: string }
    for (;;) {
      const { state } = (await this.as(by, 'GET', `/api/plan-runs/${id}`)).json as { state: string }
      if (state === 'done') break
      invariant(['queued', 'running'].includes(state), `the run is ${state}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    return { id, ...(await this.as(by, 'GET', `/api/plan-runs/${id}/plan`)).json as { moves: { patient: string; pool: string }[]; summary: { en: string } } }
  }

  async orders(query: string): Promise<Order[]> {
    return ((await this.as('transferDesk', 'GET', `/api/transfer-orders?limit=200${query}`)).json as { items: Order[] }).items
  }
}

const say = (at: Date, line: string): void => {
  const shanghai = new Date(at.getTime() + 8 * HOUR).toISOString().slice(11, 16)
  process.stdout.write(`${shanghai}  ${line}\n`)
}

/** One day of the real record: asked for, struck, approved by another, relieved, carried out, discharged. */
async function day(today: Day): Promise<void> {
  const tell = (line: string) => say(today.clock.now(), line)
  await today.as('transferDesk', 'PUT', '/api/pools/phc%2Fordinary/report', {
    staffed: 100, occupied: 28, onBehalf: { calledPost: 'night-desk', answeredPost: 'phc-duty' },
  })
  tell('beds of phc/ordinary reported by telephone: 100 staffed, 28 occupied')
  const first = await today.plan('planner')
  tell(`plan: ${first.summary.en}`)
  tell(`the planner may not approve it: ${await today.refused('planner', 'forbidden', 'POST', `/api/plan-runs/${first.id}/approve`, {})}`)
  const [struck] = first.moves
  await today.as('treatmentGroup', 'POST', `/api/plan-runs/${first.id}/approve`, { strike: [{ patient: struck?.patient, reason: '家属要求暂缓一日' }] })
  const issued = await today.orders('&state=issued')
  invariant(issued.length === first.moves.length - 1, `an order for every line that was not struck, not ${issued.length}`)
  tell(`approved by the treatment group without ${struck?.patient}; ${issued.length} orders issued`)

  await today.pass(0.1)
  const atPhc = issued.filter(({ toPlace }) => toPlace === 'phc')
  const [relieved] = issued.filter(({ toPlace }) => toPlace === 'phc')
  invariant(relieved !== undefined, 'somebody is ordered to the hospital that asks for relief')
  await today.as('bedManager', 'POST', `/api/transfer-orders/${relieved.id}/ask-relief`, { reason: 'noOxygen', beds: 2, note: '供氧站检修' })
  await today.as('transferDesk', 'POST', `/api/transfer-orders/${relieved.id}/uphold`, { note: '情况属实' })
  tell(`phc asks for relief of ${relieved.id} for want of oxygen, and the desk upholds it: two beds fewer`)
  for (const { id } of atPhc.filter((order) => order.id !== relieved.id)) await today.as('bedManager', 'POST', `/api/transfer-orders/${id}/accept`, {})
  const second = await today.plan('planner')
  tell(`a new plan respects it and the orders that stand: ${second.summary.en}`)

  await today.pass(2)
  const accepted = (await today.orders('&state=accepted')).slice(0, 5)
  for (const { id } of accepted) await today.as('transferDesk', 'POST', `/api/transfer-orders/${id}/dispatch`, {})
  tell(`${accepted.length} vehicles leave; the others are consented to by silence`)
  await today.pass(2)
  for (const { id, toPlace, fromPlace } of accepted) {
    const sign = (post: string) => ({ post, at: '2020-01-30T03:00:00+08:00' })
    const handover = { condition: '平稳', treatment: '鼻导管吸氧', belongings: '衣物一包', sender: sign(`${fromPlace}-ward`), crew: sign('crew-1'), receiver: sign(`${toPlace}-admission`) }
    await today.as('transferDesk', 'POST', `/api/transfer-orders/${id}/arrive`, { handover })
    await today.as('transferDesk', 'POST', `/api/transfer-orders/${id}/decontaminate`, {})
  }
  tell(`${accepted.length} patients handed over, their vehicles clean`)
  const [arrived] = accepted
  const { items } = (await today.as('transferDesk', 'GET', `/api/stays?open=true&case=${encodeURIComponent(arrived?.patient ?? '')}`)).json as { items: { id: string; place: string }[] }
  invariant(items.length === 1 && items[0]?.place === arrived?.toPlace, 'one person, one place')
  await today.as('transferDesk', 'POST', `/api/stays/${items[0]?.id}/end`, { ending: 'discharged' })
  tell(`${arrived?.patient} is discharged from ${items[0]?.place}`)
}

const db = await openDatabase({ kind: 'embedded', dataDir: null })
const scenario = story('chongqing-2020-01-29')
const clock = new StandingClock(new Date(scenario.asOf))
await fillEmptyStore(db, scenario, clock.now, () => clock)
const served = await serving(db, { clock, identify: null, isDemonstration: true, isPlanning: true, planner: planFor })
try {
  const today = new Day(served, db, clock)
  await day(today)
  const journal: unknown[] = []
  for (let cursor = ''; ;) {
    const page = (await today.as('auditor', 'GET', `/api/journal?limit=500${cursor}`)).json as { items: unknown[]; next: string | null }
    journal.push(...page.items)
    if (page.next === null) break
    cursor = `&cursor=${page.next}`
  }
  process.stdout.write('journal\n')
  for (const { at, actor, action, subject } of (journal as { at: string; actor: string; action: string; subject: string }[]).reverse()) {
    process.stdout.write(`  ${at.slice(11, 19)}  ${actor.padEnd(22)} ${action.padEnd(20)} ${subject}\n`)
  }
  const { findings } = (await today.as('auditor', 'GET', '/api/integrity')).json as { findings: unknown[] }
  for (const bug of served.bugs) process.stdout.write(`${String(bug)}\n`)
  process.stdout.write(`integrity: ${findings.length} findings\n`)
  process.exitCode = findings.length + served.bugs.length > 0 ? 1 : 0
} finally {
  await served.close()
  await closeSolvers()
  await db.close()
}
