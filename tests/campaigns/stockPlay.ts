import { integrityFindings } from '../../src/db/integrity.js'
import { rowsOf } from '../../src/db/rows.js'
import { sql } from 'drizzle-orm'
import type { Database } from '../../src/db/database.js'
import { dayAfter, dayOf } from '../../src/kernel/time.js'
import type { DatabaseName } from '../support/databases.js'
import { finishedRun } from '../support/finishedRun.js'
import { ask, type Said, serving, StandingClock } from '../support/serving.js'
import { stockRoom, STOCK_PLACES } from '../support/stockRoom.js'
import { emptyPlan, knownOf, withShipments } from './drafted.js'
import { shipped } from './load.js'
import { emptierOf, hastyDatabase } from './modelStage.js'
import { Chance } from './racesChance.js'
import { type OrdersNeeds, StockOrders } from './stockOrders.js'
import { type PlansNeeds, StockPlans } from './stockPlans.js'
import { type Arriving, type ModelLot, type Moved, type Predicted, StockModel, type Taking } from './stockModel.js'

export const STEPS_OF_STOCK = 100
const STEPS_BETWEEN_LOOKS = 20
const FIRST = Date.parse('2020-01-28T08:30:00+08:00')
const HOUR = 3600_000
const PLACES = Object.keys(STOCK_PLACES)
const ITEMS = ['mask', 'suit', 'goggles'] as const
const PACKINGS: Readonly<Record<string, Readonly<Record<string, number>>>> = { mask: { box: 20, carton: 480 }, suit: { carton: 25 }, goggles: {} }

export interface StockStage {
  readonly address: string
  readonly clock: StandingClock
  readonly bugs: unknown[]
  readonly database: Database
  readonly begin: () => Promise<void>
  readonly drafted: PlansNeeds['drafted']
  readonly close: () => Promise<void>
}

/** The service over a store with places and items, and no stock. */
export async function stockStage(name: DatabaseName): Promise<StockStage> {
  const { database, end } = await hastyDatabase(name)
  const clock = new StandingClock(new Date(FIRST))
  const served = await serving(database, { clock })
  const empty = await emptierOf(database)
  const [nothing, scenario] = [await emptyPlan(), shipped('nothing-to-do')]
  return {
    address: served.address, clock, bugs: served.bugs, database,
    begin: async () => {
      await empty()
      clock.forward(FIRST - clock.now().getTime())
      await stockRoom(database, clock)
    },
    drafted: async (planDay, shipments) =>
      finishedRun(database, clock, { by: 'planner', scenario: { ...scenario, ...await knownOf(database, clock.now()) }, plan: withShipments({ ...nothing, planDay }, shipments), exit: 0 }),
    close: async () => {
      await served.close()
      await end()
    },
  }
}

interface NoteOut {
  readonly id: string
  readonly lines: readonly { readonly lot: string; readonly from: string; readonly to: string; readonly units: number }[]
}

/** One sequence beside the model. */
export class StockPlay {
  readonly model = new StockModel()
  readonly requests: string[] = []
  private readonly orders: StockOrders
  private readonly plans: StockPlans

  /** `met`: how often each deed came to each end. */
  constructor(private readonly stage: StockStage, private readonly chance: Chance, private readonly met: Map<string, number>) {
    const needs: OrdersNeeds = {
      model: this.model, chance, places: PLACES, items: ITEMS, now: () => this.now, quantity: (item) => this.quantity(item),
      post: (path, body, by) => this.post(path, body, by), ended: (...how) => this.ended(...how),
    }
    this.orders = new StockOrders(needs)
    this.plans = new StockPlans({ ...needs, orders: this.orders, drafted: stage.drafted })
  }

  /** One more deed; what differs from the model. */
  async step(): Promise<string[]> {
    const { chance, stage } = this
    stage.clock.forward(chance.below(chance.next() < 0.05 ? 60 * HOUR : 3 * HOUR))
    const deed = chance.one([
      this.receive, this.receive, this.receive, this.takeOut, this.takeOut, this.takeOut, this.count, this.reverse, this.reverse, this.changeLot,
      this.orders.issue, this.orders.issue, this.orders.issue, this.orders.ship, this.orders.ship, this.orders.receive, this.orders.receive, this.orders.lose, this.orders.cancel,
      this.orders.issue, this.orders.ship, this.orders.requests.ask, this.orders.requests.answered,
      this.plans.approve, this.plans.withdraw,
    ])
    return deed()
  }

  private get now(): number {
    return this.stage.clock.now().getTime()
  }

  /** Mostly now; else some time back, too far back, or not yet. */
  private moment(): number {
    const { chance } = this
    const drawn = chance.next()
    if (drawn < 0.6) return this.now
    if (drawn < 0.95) return this.now - chance.below(40) * HOUR
    return drawn < 0.98 ? this.now - (7 * 24 + chance.below(9)) * HOUR : this.now + HOUR
  }

  private quantity(item: string): { packing: string | null; count: number; units: number } {
    const packing = this.chance.one([null, null, ...Object.keys(PACKINGS[item] ?? {})])
    const count = 1 + this.chance.below(packing === 'carton' ? 4 : 60)
    return { packing, count, units: count * (packing === null ? 1 : PACKINGS[item]?.[packing] ?? 1) }
  }

  private readonly receive = async (): Promise<string[]> => {
    const { chance, model } = this
    const [place, at, now, released] = [chance.one(PLACES), this.moment(), this.now, chance.next() < 0.8]
    const lines = Array.from({ length: 1 + chance.below(3) }, () => {
      const item = chance.one(ITEMS)
      const expiresOn = chance.next() < 0.05 ? '2020-01-01' : chance.one([null, dayAfter(dayOf(new Date(FIRST)), 8 + chance.below(3)), dayAfter(dayOf(new Date(now)), 3 + chance.below(2)), '2021-06-30'])
      return { item, number: chance.one([null, 'A', 'B']), expiresOn, released, ...this.quantity(item) }
    })
    const predicted = model.predictReceipt({ place, at, now, lines })
    const said = await this.post('/api/stock-notes/receipts', {
      place, party: 'a supplier', authority: 'city', released, at: new Date(at).toISOString(),
      lines: lines.map(({ item, number, expiresOn, packing, count }) => ({ item, lot: number, expiresOn, packing, count })),
    })
    if (predicted !== 'ok') return this.compared('receipt', said, predicted)
    if (said.status !== 201) return this.compared('receipt', said, [])
    const { id, lines: kept } = said.json as NoteOut
    const wrong: string[] = []
    const made: ModelLot[] = []
    const moved = lines.map((line, index): Moved => {
      const lot = this.lotOf(place, line, kept[index]?.lot ?? '', { wrong, made })
      return { lot, from: 'outside', to: `at ${place}`, units: line.units, at }
    })
    wrong.push(...this.kept('receipt', said, moved))
    model.keep({ id, kind: 'receipt', place, item: null, at, moved, isReversal: false })
    return wrong
  }

  /** The lot of a line: the one that is the same, or a new one under the id that the service gave. */
  private lotOf(place: string, line: Arriving, id: string, { wrong, made }: { wrong: string[]; made: ModelLot[] }): string {
    const quarantined = this.model.alike(line).some((lot) => lot.quarantined)
    const same = quarantined ? this.model.alike(line).find((lot) => made.includes(lot)) ?? null : this.model.sameAs(place, line)
    if (same !== null) return same.id
    if (this.model.lots.has(id)) wrong.push(`${id} is another lot than that of ${line.item} ${line.number}`)
    const lot: ModelLot = { id, item: line.item, place, number: line.number, expiresOn: line.expiresOn, released: line.released, quarantined }
    this.model.lots.set(id, lot)
    made.push(lot)
    return id
  }

  private readonly takeOut = async (): Promise<string[]> => {
    const { chance, model } = this
    const last = chance.next() < 0.08 ? model.notes.findLast(({ kind }) => kind === 'stocktake') : undefined
    const [place, at, now] = [last?.place ?? chance.one(PLACES), last === undefined ? this.moment() : last.at - HOUR, this.now]
    const kind = chance.one(['consumption', 'consumption', 'consumption', 'return', 'loss', 'damage', 'expiry'])
    const lines = Array.from({ length: 1 + chance.below(2) }, () => {
      const item = last?.item ?? chance.one(ITEMS)
      const lots = model.lotsThere(place, item)
      const lot = chance.next() < 0.3 ? chance.one([...lots, ...model.lots.keys(), 'no-such-lot']) : null
      return { item, lot, ...this.quantity(item) }
    })
    const said = await this.post('/api/stock-notes/outs', {
      place, kind, party: 'the supplier', note: 'found so', at: new Date(at).toISOString(), lines: lines.map(({ item, lot, packing, count }) => ({ item, lot, packing, count })),
    })
    const asked = { place, kind, at, now, lines: lines.map(({ item, lot, units }): Taking => ({ item, lot, units })) }
    return this.judged(kind, said, model.predictOut(asked), { kind, place, item: null, at })
  }

  private readonly count = async (): Promise<string[]> => {
    const { chance, model } = this
    const last = chance.next() < 0.1 ? model.notes.findLast(({ kind }) => kind === 'stocktake') : undefined
    const promises = [...model.promised].filter(([, units]) => units > 0)
    const [lotOf = '', placeOf] = last === undefined && promises.length > 0 && chance.next() < 0.3 ? chance.one(promises)[0].split(' ') : []
    const [place, item, now] = [last?.place ?? placeOf ?? chance.one(PLACES), last?.item ?? model.lots.get(lotOf)?.item ?? chance.one(ITEMS), this.now]
    const at = last === undefined ? this.moment() : last.at - chance.below(3) * HOUR
    const counted: Record<string, number> = {}
    for (const lot of model.lotsThere(place, item)) {
      // Now and then fewer than are promised.
      const promised = model.promised.get(`${lot} ${place}`) ?? 0
      const found = model.balance(lot, `at ${place}`) + chance.one([0, 0, 0, 2, -3, -40])
      if (chance.next() < 0.98) counted[lot] = promised > 0 && chance.next() < 0.3 ? promised - 1 : Math.max(0, found)
    }
    if (chance.next() < 0.1) counted[chance.one([...model.lots.keys(), 'no-such-lot'])] = 7
    const said = await this.post('/api/stock-notes/stocktakes', { place, item, counted, at: new Date(at).toISOString() })
    return this.judged('stocktake', said, model.predictCount({ place, item, at, now, counted }), { kind: 'stocktake', place, item, at })
  }

  private readonly reverse = async (): Promise<string[]> => {
    const { chance, model } = this
    if (model.notes.length === 0) return []
    const note = chance.one(chance.next() < 0.7 ? model.notes.slice(-6) : model.notes)
    const said = await this.post(`/api/stock-notes/${note.id}/reverse`, { note: 'a mistake' })
    const before = new Map(note.moved.flatMap(({ lot, from, to }) => [from, to].map((account) => [`${lot} ${account}`, model.balance(lot, account)])))
    const wrong = this.judged('reversal', said, model.predictReversal(note, this.now), { kind: 'reversal', place: note.place, item: null, at: this.now })
    if (said.status !== 201) return wrong
    note.reversed = true
    for (const one of [...note.moved, ...(model.notes.at(-1)?.moved ?? [])]) model.undone.add(one)
    for (const { lot, from, to, units } of note.moved) {
      if (note.moved.length === 1 && model.balance(lot, from) !== (before.get(`${lot} ${from}`) ?? 0) + units) wrong.push(`${lot}: ${from} is not as before ${note.id}`)
      if (note.moved.length === 1 && model.balance(lot, to) !== (before.get(`${lot} ${to}`) ?? 0) - units) wrong.push(`${lot}: ${to} is not as before ${note.id}`)
    }
    return wrong
  }

  private readonly changeLot = async (): Promise<string[]> => {
    const lots = [...this.model.lots.values()]
    if (lots.length === 0) return []
    const lot = this.chance.one(lots)
    const path = `/api/lots/${lot.id}`
    // Mostly let go again, so that there is something to give out.
    if (this.chance.next() < (lot.quarantined ? 0.15 : 0.5)) {
      const said = await this.post(`${path}/quarantine`, { reason: 'wet' })
      const wanted = lot.quarantined ? 'stepOutOfOrder' : '200'
      if (wanted === '200') for (const one of [lot, ...this.model.alike(lot)]) one.quarantined = true
      return this.ended('lock away', said.status === 200 ? '200' : (said.json as { code: string }).code, wanted, said)
    }
    const read = await ask(this.stage.address, path)
    const { id: _id, version: _v, effectiveAt: _e, recordedAt: _r, recordedBy: _b, quarantinedAt: _a, quarantinedBy: _q, quarantineReason: _w, ...body } = read.json as Record<string, unknown>
    const quarantined = !lot.quarantined
    this.requests.push(`PUT ${path} quarantined ${quarantined}`)
    const said = await ask(this.stage.address, path, { method: 'PUT', body: { ...body, quarantined }, headers: { 'if-match': read.headers.get('etag') ?? '' } })
    if (said.status === 200) lot.quarantined = quarantined
    return this.ended('quarantine', String(said.status), '200', said)
  }

  private async post(path: string, body: object, by = 'local'): Promise<Said> {
    this.requests.push(`${new Date(this.now).toISOString()} POST ${path} ${JSON.stringify(body)}`)
    return ask(this.stage.address, path, { method: 'POST', body, headers: { 'accept-language': 'en', authorization: `Post ${by}` } })
  }

  /** A note beside its prediction; the model goes on with what it predicted. */
  private judged(what: string, said: Said, predicted: Predicted, { kind, place, item, at }: { kind: string; place: string; item: string | null; at: number }): string[] {
    if (typeof predicted === 'string' || said.status !== 201) return this.compared(what, said, predicted)
    const wrong = this.kept(what, said, predicted)
    this.model.keep({ id: (said.json as NoteOut).id, kind, place, item, at, moved: predicted, isReversal: kind === 'reversal' })
    return wrong
  }

  private compared(what: string, said: Said, predicted: Predicted): string[] {
    return this.ended(what, said.status === 201 ? 'kept' : (said.json as { code: string }).code, typeof predicted === 'string' ? predicted : 'kept', said)
  }

  private kept(what: string, said: Said, predicted: readonly Moved[]): string[] {
    const shown = (lines: readonly Omit<Moved, 'at'>[]) => {
      const sums = new Map<string, number>()
      for (const { lot, from, to, units } of lines) sums.set(`${lot} ${from} → ${to}`, (sums.get(`${lot} ${from} → ${to}`) ?? 0) + units)
      return [...sums].map(([flow, units]) => `${flow} ${units}`).sort().join('; ')
    }
    const [is, wanted] = [shown((said.json as NoteOut).lines), shown(predicted)]
    return [...this.ended(what, 'kept', 'kept', said), ...(is === wanted ? [] : [`${what} moved ${is}, not ${wanted}`])]
  }

  private ended(what: string, is: string, wanted: string, said: Said): string[] {
    this.met.set(`${what} ${wanted}`, (this.met.get(`${what} ${wanted}`) ?? 0) + 1)
    return is === wanted ? [] : [`${what}: ${said.status} ${said.text.slice(0, 300)}, not ${wanted}`]
  }

  /** Everything that lies anywhere, every account, and the store's own view of itself. */
  async look(isLast: boolean): Promise<string[]> {
    const { address, database } = this.stage
    const { items } = (await ask(address, '/api/stock?limit=500')).json as { items: { place: string; lot: string; onHand: number; promised: number }[] }
    const [is, wanted] = [items.map(({ place, lot, onHand, promised }) => `${place} ${lot} ${onHand} ${promised}`).sort(), this.model.onHand()]
    const wrong = [...is.filter((row) => !wanted.includes(row)).map((row) => `stock has ${row}`), ...wanted.filter((row) => !is.includes(row)).map((row) => `stock lacks ${row}`)]
    wrong.push(...await database.inSnapshot(async (tx) => {
      const sums = await rowsOf<{ item: string; sum: number }>(tx, sql`select l.item, sum(a.balance)::int as sum from account a join stock_lot l on a.book = 'lot ' || l.id group by l.item having sum(a.balance) <> 0`)
      const negative = await rowsOf<{ book: string; name: string }>(tx, sql`select book, name from account where balance < 0 and name not in ('outside', 'unexplained')`)
      return [...sums.map(({ item, sum }) => `accounts of ${item} sum to ${sum}`), ...negative.map(({ book, name }) => `${book} ${name} is negative`)]
    }))
    if (isLast) wrong.push(...(await database.inSnapshot((tx) => integrityFindings(tx))).map(({ rule, subject }) => `integrity: ${rule} ${subject}`))
    return wrong
  }
}

export interface StockAsk {
  readonly seed: number
  readonly steps: number
  /** The sequence to begin with. */
  readonly only?: number | null
  /** Done to the store behind the service's back, half-way through each sequence. */
  readonly meddle?: () => Promise<void>
}

export interface StockOutcome {
  readonly steps: number
  readonly sequences: number
  readonly met: ReadonlyMap<string, number>
  readonly failure: { readonly sequence: number; readonly step: number; readonly found: readonly string[]; readonly requests: readonly string[] } | null
}

/** So many deeds in sequences that each begin with empty shelves; the first difference ends it. */
export async function stockRun(stage: StockStage, { seed, steps, only = null, meddle }: StockAsk): Promise<StockOutcome> {
  const met = new Map<string, number>()
  let done = 0
  let sequences = 0
  for (let number = only ?? 1; done < steps; number += 1) {
    await stage.begin()
    const playing = new StockPlay(stage, new Chance(seed * 1_000_003 + number), met)
    sequences += 1
    for (let step = 1; step <= STEPS_OF_STOCK && done < steps; step += 1) {
      if (step === STEPS_OF_STOCK / 2) await meddle?.()
      const found = await playing.step()
      done += 1
      const isLast = step === STEPS_OF_STOCK || done === steps
      if (isLast || step % STEPS_BETWEEN_LOOKS === 0) found.push(...await playing.look(isLast))
      found.push(...stage.bugs.splice(0).map(String))
      if (found.length > 0) return { steps: done, sequences, met, failure: { sequence: number, step, found, requests: playing.requests } }
    }
  }
  return { steps: done, sequences, met, failure: null }
}
