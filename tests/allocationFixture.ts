import { expect } from 'vitest'
import type { Identify } from '../src/access/identify.js'
import { startAct } from '../src/app/startAct.js'
import type { Database } from '../src/db/database.js'
import { insertRecords } from '../src/db/records.js'
import { markStore } from '../src/db/storeMark.js'
import { heldGrants } from '../src/facilities/store.js'
import { scenarioZip } from '../src/interop/scenarioOut.js'
import type { Role } from '../src/kernel/roles.js'
import { momentOf } from '../src/kernel/time.js'
import type { Plan } from '../src/planning/plan.js'
import { planFor } from '../src/planning/run.js'
import type { Scenario } from '../src/planning/scenario.js'
import { bookOfLot, freeAt } from '../src/supplies/stockBook.js'
import { ITEMS, PACKINGS } from '../src/supplies/store.js'
import { bookOf } from '../src/ledger/store.js'
import { finishedRun } from './support/finishedRun.js'
import { NO_MATERIAL } from './support/noMaterial.js'
import { ask, byPost, type Said, type Served, serving, StandingClock } from './support/serving.js'
import { supplied, type SuppliedPatch } from './support/supplied.js'

export interface LineOut {
  readonly seq: number
  readonly item: string
  readonly lot: string
  readonly ordered: number
  readonly shipped: number | null
  readonly accepted: number | null
  readonly damaged: number | null
  readonly missing: number | null
  readonly difference: string | null
  readonly substituteFor: string | null
}
export interface AllocationOut {
  readonly id: string
  readonly version: number
  readonly state: string
  readonly kind: string
  readonly possible: readonly string[]
  readonly from: string
  readonly to: string
  readonly vehicle: string | null
  readonly lines: readonly LineOut[]
}

/** `As <role> <place or city>` is one role there; otherwise as everywhere in tests. */
const identifyIn = (db: Database): Identify => async (headers) => {
  const [, role, where] = /^As (\w+) (\S+)$/.exec(headers.authorization ?? '') ?? []
  if (role === undefined || where === undefined) return byPost(headers)
  const scope = where === 'city' ? { kind: 'city' as const } : { kind: 'place' as const, id: where }
  return { id: `${role}-${where}`, grants: await db.inSnapshot((tx) => heldGrants(tx, [{ role: role as Role, scope }])) }
}

/** A city with a warehouse `store` and the hospitals `a` and `b`, some items, and nothing in stock yet. */
export class Warehouse {
  private constructor(readonly db: Database, readonly served: Served, readonly clock: StandingClock) {}

  static async open(db: Database, { isDrill = false } = {}): Promise<Warehouse> {
    const scenario = { ...supplied({ receivers: { a: {}, b: { suppliedBy: 'north' } } }), ...NO_MATERIAL }
    const clock = new StandingClock(momentOf('2020-01-30T08:00:00+08:00'))
    if (isDrill) await db.inTransaction((tx) => markStore(startAct(tx, clock), true))
    const served = await serving(db, { clock, identify: identifyIn(db), isDrill })
    const warehouse = new Warehouse(db, served, clock)
    const zip = { type: 'application/zip', content: scenarioZip(scenario) }
    expect((await ask(served.address, '/api/scenario', { method: 'POST', bytes: zip, headers: { authorization: 'Post import' } })).status).toBe(201)
    const { items, packings } = supplied(THINGS)
    await db.inTransaction(async (tx) => {
      const act = startAct(tx, clock)
      const rows = <Body>(table: Readonly<Record<string, Body>>) => Object.entries(table).map(([id, body]) => ({ id, body, effectiveAt: clock.now() }))
      await insertRecords(tx, ITEMS, rows(items), act)
      await insertRecords(tx, PACKINGS, rows(packings), act)
      await act.journal({ action: 'put', kind: ITEMS.kind, subject: 'fixture', details: {} })
    })
    return warehouse
  }

  say(path: string, who: string, body?: object, headers: Readonly<Record<string, string>> = {}, key?: string): Promise<Said> {
    const authorization = who.startsWith('As ') ? who : `Post ${who}`
    return ask(this.served.address, `/api${path}`, { method: body === undefined ? 'GET' : 'POST', ...(body === undefined ? {} : { body }), ...(key === undefined ? {} : { key }), headers: { authorization, ...headers } })
  }

  /** Puts down a record that is new. */
  async put(path: string, body: object): Promise<void> {
    const put = await ask(this.served.address, `/api${path}`, { method: 'PUT', body, headers: { authorization: 'Post keeper' } })
    expect([path, put.status, put.status < 300 ? '' : put.text]).toEqual([path, 201, ''])
  }

  /** What must be taken, and its answer. */
  async done<T>(path: string, who: string, body?: object): Promise<T> {
    const said = await this.say(path, who, body)
    expect([path, said.status < 300 ? '' : said.text]).toEqual([path, ''])
    return said.json as T
  }

  /** What is refused: status, code, where, and the sentence. */
  async refused(path: string, who: string, body?: object): Promise<unknown[]> {
    const { status, json } = await this.say(path, who, body)
    const { code, detail, errors = [] } = json as { code?: string; detail?: string; errors?: { pointer: string; detail: string }[] }
    return [status, code, detail, ...errors.map(({ pointer, detail: want }) => (want === detail ? pointer : `${pointer}: ${want}`))]
  }

  /** A receipt of one lot; its id. */
  async stocked(item: string, units: number, of: Partial<{ place: string; lot: string; expiresOn: string | null; released: boolean; earmark: string | null; at: string }> = {}): Promise<string> {
    const { place = 'store', lot = `${item}-lot`, expiresOn = null, released = true, earmark = null, at } = of
    const { lines } = await this.done<{ lines: { lot: string }[] }>('/stock-notes/receipts', 'keeper', {
      place, party: 'the maker', authority: 'city', released, earmark, lines: [{ item, lot, expiresOn, count: units }], ...(at === undefined ? {} : { at }),
    })
    return lines[0]?.lot ?? ''
  }

  /** Changes what stands of a lot. */
  change(lot: string, change: object): Promise<void> {
    return this.changeAt(`/lots/${encodeURIComponent(lot)}`, change)
  }

  /** Changes what stands of a record. */
  async changeAt(path: string, change: object): Promise<void> {
    const { json, headers } = await this.say(path, 'keeper')
    const { id: _i, version: _v, effectiveAt: _e, recordedAt: _r, recordedBy: _b, quarantinedAt: _a, quarantinedBy: _q, quarantineReason: _w, ...body } = json as Record<string, unknown>
    const put = await ask(this.served.address, `/api${path}`, { method: 'PUT', body: { ...body, ...change }, headers: { authorization: 'Post keeper', 'if-match': headers.get('etag') ?? '' } })
    expect([put.status, put.status === 200 ? '' : put.text]).toEqual([200, ''])
  }

  /** How much of a lot is in each account that has any, and what is free at a place. */
  async book(lot: string): Promise<Record<string, number | string>> {
    const book = await this.db.inSnapshot((tx) => bookOf(tx, bookOfLot(lot)))
    return Object.fromEntries(Object.entries(book).filter(([, { balance, held }]) => balance !== 0 || held !== 0)
      .map(([name, { balance, held }]) => [name, held === 0 ? balance : `${balance} of them ${held} promised`]))
  }

  free(lot: string, place: string): Promise<number> {
    return this.db.inSnapshot(async (tx) => freeAt(await bookOf(tx, bookOfLot(lot)), place))
  }

  /** A run that is done, with the plan of a scenario of material; asked for by `planner`. */
  async drafted(patch: SuppliedPatch, { exit, by = 'planner' }: { exit?: 0 | 3; by?: string } = {}): Promise<{ run: string; plan: Plan }> {
    return this.planned(supplied({ ...THINGS, receivers: { a: {}, b: { suppliedBy: 'north' } }, ...patch }), { ...(exit === undefined ? {} : { exit }), by })
  }

  /** The same of a scenario as it is. */
  async planned(scenario: Scenario, { exit, by = 'planner' }: { exit?: 0 | 3; by?: string } = {}): Promise<{ run: string; plan: Plan }> {
    const outcome = await planFor(scenario, { engine: 'highs', milliseconds: 60_000, secondOpinion: false })
    const { plan } = outcome
    const run = await finishedRun(this.db, this.clock, { by, scenario, plan, exit: exit ?? outcome.exit })
    return { run, plan }
  }

  order(id: string, who = 'reader'): Promise<AllocationOut> {
    return this.done(`/allocation-orders/${encodeURIComponent(id)}`, who)
  }

  /** Ends the service, having found it sound. */
  async close(): Promise<void> {
    expect((await this.say('/integrity', 'auditor')).json).toEqual({ findings: [] })
    expect(this.served.bugs).toEqual([])
    await this.served.close()
  }
}

const THINGS: SuppliedPatch = {
  items: { mask: {}, cloth: {}, suit: { unit: 'suit' } },
  packings: { 'mask/box': { item: 'mask', packing: 'box', units: 50 } },
}

/** Ten masks a shift of staff at a place, for the days of the plan. */
export const NEEDING: SuppliedPatch = {
  norms: { mask: { item: 'mask' } },
  staff: { 'a/1': { peoplePerShift: 20 }, 'b/1': { peoplePerShift: 10 } },
}
