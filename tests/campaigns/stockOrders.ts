import { dayOf } from '../../src/kernel/time.js'
import type { Said } from '../support/serving.js'
import type { ModelLot, Moved, StockModel } from './stockModel.js'
import type { Chance } from './racesChance.js'
import { type ModelRequest, StockRequests } from './stockRequests.js'

export interface OrderLine {
  readonly seq: number
  readonly lot: string
  readonly ordered: number
  shipped: number
}

export interface ModelOrder {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly request: ModelRequest | null
  readonly arrivesOn: string
  /** Who shipped it; null: nobody yet. */
  shippedBy: string | null
  state: 'issued' | 'shipped' | 'received' | 'cancelled' | 'lost'
  readonly lines: readonly OrderLine[]
}

/** What orders need of whoever plays. */
export interface OrdersNeeds {
  readonly model: StockModel
  readonly chance: Chance
  readonly now: () => number
  readonly places: readonly string[]
  readonly items: readonly string[]
  readonly quantity: (item: string) => { packing: string | null; count: number; units: number }
  readonly post: (path: string, body: object, by?: string) => Promise<Said>
  /** Counts how it ended; what differs. */
  readonly ended: (what: string, is: string, wanted: string, said: Said) => string[]
}

const KEEPERS = ['store-keeper', 'ward-keeper'] as const

/** Allocation orders beside their model: issued, shipped, received with differences, lost and cancelled. */
export class StockOrders {
  private readonly orders: ModelOrder[] = []
  readonly requests: StockRequests
  constructor(private readonly needs: OrdersNeeds) {
    this.requests = new StockRequests(needs, (request) => this.orderedFor(request))
  }

  readonly issue = async (): Promise<string[]> => {
    const { chance, model, places, items, quantity, now } = this.needs
    const request = chance.next() < 0.3 ? this.requests.draw() : null
    const from = chance.one(places.filter((place) => place !== request?.place))
    const to = request !== null && chance.next() < 0.9 ? request.place : chance.one(places.filter((place) => place !== from))
    const today = dayOf(new Date(now()))
    const byPhone = chance.next() < (request?.state === 'open' ? 0.8 : 0.2)
    const lines = Array.from({ length: 1 + chance.below(2) }, () => {
      const item = request !== null && chance.next() < 0.9 ? request.item : chance.one(items)
      const lot = chance.next() < 0.2 ? chance.one([...model.lotsThere(from, item), ...model.lots.keys(), 'no-such-lot']) : null
      return { item, lot, ...(item === request?.item && chance.next() < 0.8 ? this.requests.part(request) : quantity(item)) }
    })
    const predicted = this.requests.predict({ request, byPhone, to, lines }) ?? this.predictIssue(from, today, lines)
    const said = await this.needs.post('/api/allocation-orders', {
      kind: chance.one(['allocation', 'loan', 'giveBack']), from, to, reason: '断供', request: request?.id ?? null,
      ...(byPhone ? { phone: { calledPost: 'ward', answeredPost: 'night-group', at: new Date(now()).toISOString() } } : {}), lines: lines.map(({ item, lot, packing, count }) => ({ item, lot, packing, count })),
    })
    const wanted = typeof predicted === 'string' ? predicted : 'kept'
    const wrong = this.needs.ended('order', endOf(said, 201), wanted, said)
    if (said.status !== 201 || typeof predicted === 'string') return wrong
    const { id, lines: kept } = said.json as { id: string; lines: { seq: number; lot: string; ordered: number }[] }
    const shown = (of: readonly { lot: string; ordered: number }[]) => of.map(({ lot, ordered }) => `${lot} ${ordered}`).join('; ')
    this.add({ id, from, to, request, arrivesOn: today, lines: predicted })
    return [...wrong, ...(shown(kept) === shown(predicted) ? [] : [`ordered ${shown(kept)}, not ${shown(predicted)}`])]
  }

  /** An order that is issued, and promises what it is of. */
  add({ lines, ...order }: Pick<ModelOrder, 'id' | 'from' | 'to' | 'request' | 'arrivesOn'> & { readonly lines: readonly { lot: string; ordered: number }[] }): ModelOrder {
    for (const { lot, ordered } of lines) this.promise(lot, order.from, ordered)
    const added: ModelOrder = { ...order, shippedBy: null, state: 'issued', lines: lines.map((line, i) => ({ seq: i + 1, shipped: 0, ...line })) }
    this.orders.push(added)
    return added
  }

  private orderedFor(request: ModelRequest): number {
    const standing = this.orders.filter((order) => order.request === request && order.state !== 'cancelled' && order.state !== 'lost')
    return standing.reduce((sum, { state, lines }) => lines.filter(({ lot }) => this.needs.model.lots.get(lot)?.item === request.item)
      .reduce((all, line) => all + (state === 'issued' ? line.ordered : line.shipped), sum), 0)
  }

  private predictIssue(from: string, today: string, lines: readonly { item: string; lot: string | null; packing: string | null; units: number; count: number }[]): string | { lot: string; ordered: number }[] {
    const { model } = this.needs
    const taken = new Map<string, number>()
    const left = (lot: string) => model.free(lot, from) - (taken.get(lot) ?? 0)
    const ordered: { lot: string; ordered: number }[] = []
    for (const { item, lot, units, count } of lines) {
      if (lot !== null) {
        const named = model.lots.get(lot)
        if (named === undefined || named.item !== item || !mayGo(named, today)) return 'wrongReference'
        if (left(lot) < units) return 'notEnoughStock'
        ordered.push({ lot, ordered: units })
        taken.set(lot, (taken.get(lot) ?? 0) + units)
        continue
      }
      const each = units / count
      let wanted = units
      for (const one of byExpiry([...model.lots.values()].filter((known) => known.item === item && mayGo(known, today)))) {
        const part = Math.min(wanted, Math.floor(Math.max(0, left(one.id)) / each) * each)
        if (part === 0) continue
        ordered.push({ lot: one.id, ordered: part })
        taken.set(one.id, (taken.get(one.id) ?? 0) + part)
        wanted -= part
      }
      if (wanted > 0) return 'notEnoughStock'
    }
    return ordered
  }

  readonly ship = (): Promise<string[]> => this.step('ship', ['issued'], (order) => {
    const { chance, model, now } = this.needs
    const by = chance.one(KEEPERS)
    const told = order.lines.filter(() => chance.next() < 0.4).map(({ seq, ordered }) => ({ seq, units: chance.next() < 0.1 ? ordered + 1 : chance.below(ordered + 1) }))
    const unitsOf = ({ seq, ordered }: OrderLine) => told.find((one) => one.seq === seq)?.units ?? ordered
    const today = dayOf(new Date(now()))
    const day = today > order.arrivesOn ? today : order.arrivesOn
    const going = order.lines.filter((line) => unitsOf(line) > 0)
    const wanted = order.lines.some((line) => unitsOf(line) > line.ordered) || going.length === 0 ? 'doesNotAddUp'
      : going.some(({ lot }) => { const known = model.lots.get(lot); return known === undefined || !mayGo(known, day) }) ? 'breaksMust' : 'kept'
    return {
      body: { vehicle: 'van-3', carrier: '市物流', lines: told }, wanted, by, keep: () => {
        order.shippedBy = by
        for (const line of order.lines) {
          line.shipped = unitsOf(line)
          this.promise(line.lot, order.from, -line.ordered)
          this.move(line.lot, `at ${order.from}`, `way ${order.id}`, line.shipped)
        }
        order.state = 'shipped'
      },
    }
  })

  readonly receive = (): Promise<string[]> => this.step('receive', ['shipped'], (order) => {
    const { chance } = this.needs
    const by = chance.one(KEEPERS)
    const told = order.lines.filter(() => chance.next() < 0.5).map(({ seq, shipped }) => {
      const damaged = chance.next() < 0.4 ? chance.below(shipped + 1) : 0
      const missing = chance.next() < 0.4 ? chance.below(shipped - damaged + 1) : 0
      const more = chance.next() < 0.08 ? chance.one([1, -1]) : 0
      return { seq, accepted: Math.max(0, shipped - damaged - missing + more), damaged, missing, ...(damaged + missing > 0 ? { difference: damaged > 0 ? 'broken' : 'short' } : {}), ...(damaged > 0 && missing > 0 ? { missingDifference: 'short' } : {}) }
    })
    const of = (line: OrderLine) => told.find(({ seq }) => seq === line.seq) ?? { accepted: line.shipped, damaged: 0, missing: 0 }
    const wrong = order.lines.some((line) => of(line).accepted + of(line).damaged + of(line).missing !== line.shipped)
    const isLess = order.lines.some((line) => of(line).accepted < line.shipped)
    return {
      body: { lines: told }, wanted: wrong ? 'doesNotAddUp' : isLess && by === order.shippedBy ? 'forbidden' : 'kept', by, keep: () => {
        for (const line of order.lines) {
          const { accepted, damaged, missing } = of(line)
          this.move(line.lot, `way ${order.id}`, `at ${order.to}`, accepted)
          this.move(line.lot, `way ${order.id}`, 'damaged', damaged)
          this.move(line.lot, `way ${order.id}`, 'lost', missing)
        }
        order.state = 'received'
      },
    }
  })

  readonly lose = (): Promise<string[]> => this.step('lose', ['shipped'], (order) => {
    const by = this.needs.chance.one(KEEPERS)
    return {
      body: { note: 'the vehicle burnt' }, wanted: by === order.shippedBy ? 'forbidden' : 'kept', by, keep: () => {
        for (const { lot, shipped } of order.lines) this.move(lot, `way ${order.id}`, 'lost', shipped)
        order.state = 'lost'
      },
    }
  })

  readonly cancel = (): Promise<string[]> => this.step('cancel', ['issued'], (order) => ({
    body: { note: 'not needed' }, wanted: 'kept', keep: () => this.cancelled(order),
  }))

  /** Nothing left, and nothing is promised any more. */
  cancelled(order: ModelOrder): void {
    for (const { lot, ordered } of order.lines) this.promise(lot, order.from, -ordered)
    order.state = 'cancelled'
  }

  /** One step of an order, mostly of one in the right state; out of order it is refused before anything is looked at. */
  private async step(
    name: string, from: readonly string[], told: (order: ModelOrder) => { body: object; wanted: string; by?: string; keep: () => void },
  ): Promise<string[]> {
    const { chance } = this.needs
    const ready = this.orders.filter(({ state }) => from.includes(state))
    const among = ready.length > 0 && chance.next() < 0.85 ? ready : this.orders
    if (among.length === 0) return []
    const order = chance.one(among)
    const { body, wanted, by, keep } = told(order)
    const said = await this.needs.post(`/api/allocation-orders/${order.id}/${name}`, body, by)
    const predicted = from.includes(order.state) ? wanted : 'stepOutOfOrder'
    if (said.status === 200 && predicted === 'kept') keep()
    return this.needs.ended(name, endOf(said, 200), predicted, said)
  }

  private promise(lot: string, place: string, more: number): void {
    const { promised } = this.needs.model
    promised.set(`${lot} ${place}`, (promised.get(`${lot} ${place}`) ?? 0) + more)
  }

  private move(lot: string, from: string, to: string, units: number): void {
    const moved: Moved = { lot, from, to, units, at: this.needs.now() }
    if (units > 0) this.needs.model.moved.push(moved)
  }
}

export const endOf = (said: Said, kept: number): string => (said.status === kept ? 'kept' : (said.json as { code: string }).code)
export const mayGo = ({ released, quarantined, expiresOn }: ModelLot, day: string): boolean => released && !quarantined && (expiresOn === null || expiresOn >= day)
const byExpiry = (lots: readonly ModelLot[]): ModelLot[] =>
  [...lots].sort((a, b) => ((a.expiresOn ?? '9') < (b.expiresOn ?? '9') ? -1 : (a.expiresOn ?? '9') > (b.expiresOn ?? '9') ? 1 : a.id < b.id ? -1 : 1))
