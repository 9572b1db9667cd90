import type { Database } from '../../src/db/database.js'
import { openDatabase } from '../../src/db/open.js'
import { fillEmptyStore } from '../../src/app/demonstration.js'
import { keepOrders } from '../../src/dispatch/clockwork.js'
import { invariant } from '../../src/kernel/invariant.js'
import type { Role } from '../../src/kernel/roles.js'
import { closeSolvers } from '../../src/planning/solve/thread.js'
import type { Comparison } from '../../src/planning/comparison.js'
import { planFor } from '../../src/planning/run.js'
import { ask, type Said, type Served, serving, StandingClock } from '../support/serving.js'
import { allocated, carried } from './demoGoods.js'
import { story } from './given.js'
import { cookieOf } from './sessionAttacks.js'

const HOUR = 3600_000
type Order = { readonly id: string; readonly patient: string; readonly pool: string; readonly toPlace: string; readonly fromPlace: string; readonly severity: string }

interface Drafted {
  readonly id: string
  readonly moves: readonly { readonly patient: string; readonly to: string; readonly pool: string }[]
  readonly edits: readonly { readonly carriedOut: boolean }[]
  readonly summary: { readonly en: string }
}

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

  /** `around`: what is decided by hand, and the run whose plan it changes. */
  async plan(by: Role, around: { readonly edits: readonly object[]; readonly basedOn: string } | null = null): Promise<Drafted> {
    const { id } = (await this.as(by, 'POST', '/api/plan-runs', { planDay: '2020-01-30', secondOpinion: false, seconds: 600, ...around })).json as { id: string }
    for (;;) {
      const { state } = (await this.as(by, 'GET', `/api/plan-runs/${id}`)).json as { state: string }
      if (state === 'done') break
      invariant(['queued', 'running'].includes(state), `the run is ${state}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    return { id, ...(await this.as(by, 'GET', `/api/plan-runs/${id}/plan`)).json as Omit<Drafted, 'id'> }
  }

  async orders(query: string): Promise<Order[]> {
    return ((await this.as('transferDesk', 'GET', `/api/transfer-orders?limit=200${query}`)).json as { items: Order[] }).items
  }
}

const say = (at: Date, line: string): void => {
  const shanghai = new Date(at.getTime() + 8 * HOUR).toISOString().slice(11, 16)
  process.stdout.write(`${shanghai}  ${line}\n`)
}

/** The planner pins one patient elsewhere, keeps one from a place and leaves one where they lie; the plan is solved again around that. */
async function byHand(today: Day, first: Drafted, tell: (line: string) => void): Promise<Drafted> {
  const toPhc = first.moves.filter(({ to, pool }) => to === 'phc' && pool === 'phc/ordinary')
  const [pinned, kept, left] = toPhc.map(({ patient }) => patient)
  const check = async (edits: readonly object[]) =>
    ((await today.as('planner', 'POST', `/api/plan-runs/${first.id}/check-edits`, { edits })).json as { breaks: { edit: number; text: { en: string } }[] }).breaks
  const others = [...new Set(first.moves.map(({ to }) => to))].filter((to) => to !== 'phc').sort()
  let pin: { readonly kind: 'pin'; readonly patient: string | undefined; readonly place: string; readonly reason: string } | null = null
  for (const place of others) {
    const wanted = { kind: 'pin', patient: pinned, place, reason: '家属同院' } as const
    const [inTheWay] = await check([wanted])
    if (inTheWay === undefined) pin ??= wanted
    else tell(`checked by hand: ${pinned} cannot go to ${place}: ${inTheWay.text.en}`)
  }
  const elsewhere = pin?.place
  const edits = [
    pin ?? {},
    { kind: 'forbid', patient: kept, place: 'phc', reason: '与该院在院者有纠纷' },
    { kind: 'stay', patient: left, reason: '区县医院要求再观察一日' },
  ]
  const breaks = await check(edits)
  invariant(breaks.length === 0, `each can be carried out by itself, not ${JSON.stringify(breaks)}`)
  const edited = await today.plan('planner', { edits, basedOn: first.id })
  const placeOf = (patient: string | undefined) => edited.moves.find((move) => move.patient === patient)?.to ?? null
  invariant(edited.edits.length === 3 && edited.edits.every(({ carriedOut }) => carriedOut), 'every decision is carried out')
  invariant(placeOf(pinned) === elsewhere && placeOf(kept) !== 'phc' && placeOf(left) === null, 'who was decided on is where it was decided')
  tell(`edited by hand: ${pinned} pinned to ${elsewhere}, ${kept} kept from phc, ${left} left where they lie; solved again: ${edited.summary.en}`)
  const { moves, basis } = (await today.as('treatmentGroup', 'GET', `/api/plan-runs/${first.id}/compare?with=${edited.id}`)).json as Comparison
  invariant(basis.edits.onlyThere.length === 3, 'the comparison names what was decided by hand')
  tell(`compared with the first plan: ${moves.alike} lines alike, ${moves.otherwise.length} otherwise, ${moves.onlyHere.length} only before, ${moves.onlyThere.length} only now`)
  return edited
}

/**
 * One day of the real record: asked for, edited by hand, struck, approved by another, relieved, carried out, discharged, reported, handed over;
 * with its material shipped, received, used and counted.
 */
async function day(today: Day): Promise<void> {
  const tell = (line: string) => say(today.clock.now(), line)
  await today.as('transferDesk', 'PUT', '/api/pools/phc%2Fordinary/report', {
    staffed: 100, occupied: 28, onBehalf: { calledPost: 'night-desk', answeredPost: 'phc-duty' },
  })
  tell('beds of phc/ordinary reported by telephone: 100 staffed, 28 occupied')
  const first = await today.plan('planner')
  tell(`plan: ${first.summary.en}`)
  const edited = await byHand(today, first, tell)
  tell(`the planner may not approve it: ${await today.refused('planner', 'forbidden', 'POST', `/api/plan-runs/${edited.id}/approve`, {})}`)
  const [struck] = edited.moves
  await today.as('treatmentGroup', 'POST', `/api/plan-runs/${edited.id}/approve`, { strike: [{ patient: struck?.patient, reason: '家属要求暂缓一日' }] })
  const issued = await today.orders('&state=issued')
  invariant(issued.length === edited.moves.length - 1, `an order for every line that was not struck, not ${issued.length}`)
  tell(`approved by the treatment group without ${struck?.patient}; ${issued.length} orders issued`)
  await allocated(today, edited.id, tell)

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
  await carried(today, edited.id, tell)
  const [arrived] = accepted
  const { items } = (await today.as('transferDesk', 'GET', `/api/stays?open=true&case=${encodeURIComponent(arrived?.patient ?? '')}`)).json as { items: { id: string; place: string }[] }
  invariant(items.length === 1 && items[0]?.place === arrived?.toPlace, 'one person, one place')
  await today.as('transferDesk', 'POST', `/api/stays/${items[0]?.id}/end`, { ending: 'discharged' })
  tell(`${arrived?.patient} is discharged from ${items[0]?.place}`)
  await evening(today, tell)
}

interface Report {
  readonly id: string
  readonly number: string
  readonly signatory: string
  readonly city: Readonly<Record<string, number | string>>
  readonly arithmetic: readonly { readonly lines: number }[]
  readonly corrections: readonly { readonly of: string; readonly subject: string; readonly figure: string; readonly frozen: number; readonly now: number }[]
}

/** The day is reported, and the shift handed over and taken; somebody then tells of what the report could not know. */
async function evening(today: Day, tell: (line: string) => void): Promise<void> {
  const asked = { day: '2020-01-30', cutOff: 'midnight' }
  tell(`nobody freezes a day that is not over: ${await today.refused('planner', 'wrongTime', 'POST', '/api/daily-reports', asked)}`)
  await today.pass(20)
  const { city, wrong } = (await today.as('planner', 'GET', '/api/day-figures?day=2020-01-30&cutOff=midnight')).json as Pick<Report, 'city'> & { wrong: unknown[] }
  invariant(wrong.length === 0, `the day adds up, not ${JSON.stringify(wrong)}`)
  tell(`looked at before it is signed: ${city['confirmedNow']} confirmed in care, ${city['confirmedDischarged']} discharged, ${city['ordersArrived']} transfers arrived, ${city['ordersExpired']} expired`)
  const report = (await today.as('planner', 'POST', '/api/daily-reports', asked)).json as Report
  const { confirmedBefore, confirmedDischarged, confirmedNow, confirmedCentralised } = report.city
  invariant(Number(confirmedBefore) - Number(confirmedDischarged) === Number(confirmedNow), 'who was there and has not left is there')
  tell(`daily report ${report.number} frozen by ${report.signatory}: ${confirmedBefore} at the beginning, ${confirmedDischarged} discharged, ${confirmedNow} in care, ${confirmedCentralised} concentrated; `
    + `${report.arithmetic.reduce((sum, { lines }) => sum + lines, 0)} lines of arithmetic hold`)
  const page = await today.as('planner', 'GET', `/api/daily-reports/${report.id}/print`)
  invariant(page.text.includes('疫情日报') && page.text.includes(report.number), 'the report is printed')
  tell(`printed: ${page.text.length} letters of HTML, in both languages`)
  const shift = (await today.as('transferDesk', 'POST', '/api/handovers', { toPost: 'demo-planner', exceptions: [{ text: '供氧站检修未完，明早八时复查' }] })).json as
    { id: string; orders: unknown[]; promises: unknown[]; reliefs: { order: string }[] }
  tell(`the desk hands its shift over: ${shift.orders.length} orders open, ${shift.promises.length} promises of beds, ${shift.reliefs.length} relief not lifted, 1 exception`)
  tell(`and does not take it over itself: ${await today.refused('transferDesk', 'ownHandover', 'POST', `/api/handovers/${shift.id}/take-over`)}`)
  const { takenBy } = (await today.as('planner', 'POST', `/api/handovers/${shift.id}/take-over`)).json as { takenBy: string }
  tell(`taken over by ${takenBy}`)
  await today.pass(0.5)
  await today.as('bedManager', 'PUT', '/api/cases/%E6%B2%99%E5%9D%AA%E5%9D%9D%E5%8C%BA-0099', { ...NEW_CASE, asOf: '2020-01-30T22:00:00+08:00' })
  await today.as('bedManager', 'POST', '/api/stays', { case: '沙坪坝区-0099', place: 'phc', pool: 'phc/severe', at: '2020-01-30T22:30:00+08:00' })
  const { corrections, ...still } = (await today.as('auditor', 'GET', `/api/daily-reports/${report.id}`)).json as Report
  invariant(still.city['confirmedNow'] === confirmedNow, 'what is frozen stays')
  const told = corrections.find(({ of, figure }) => of === 'city' && figure === 'confirmedNow')
  tell(`an admission of 22:30 is told now: ${corrections.length} corrections stand beside the report, such as confirmed in care ${told?.frozen} → ${told?.now}`)
}

const NEW_CASE = {
  unit: '沙坪坝区', status: 'confirmed', severity: 'severe', waitingSince: null, fitness: 'unknown', fitnessAssessedAt: null, fitnessValidUntil: null, needs: [], sex: 'unknown', ageBand: 'unknown',
  companion: null, dischargeDue: null, travelExceptionUntil: null, source: '公卫中心收治登记',
}

const db = await openDatabase({ kind: 'embedded', dataDir: null })
const scenario = story('chongqing-2020-01-29-material')
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
