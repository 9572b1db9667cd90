import { dayAfter, dayOf } from '../../src/kernel/time.js'
import { stockRowId } from '../../src/supplies/stock.js'
import { shipmentOf } from './drafted.js'
import { endOf, mayGo, type ModelOrder, type OrdersNeeds, type StockOrders } from './stockOrders.js'

/** What of a lot a plan sends, as the model knows it. */
interface Taken {
  readonly lot: string
  readonly ordered: number
}

interface PlannedShipment {
  readonly id: string
  readonly to: string
  readonly lines: readonly Taken[]
}

interface ModelPlan {
  readonly run: string
  readonly orders: readonly ModelOrder[]
  isWithdrawn: boolean
}

export interface PlansNeeds extends OrdersNeeds {
  readonly orders: StockOrders
  /** A run that is done, of somebody else than whoever approves. */
  readonly drafted: (planDay: string, shipments: readonly ReturnType<typeof shipmentOf>[]) => Promise<string>
}

/** The material of plans beside its model: approved, and withdrawn as far as it has not left. */
export class StockPlans {
  private readonly plans: ModelPlan[] = []
  constructor(private readonly needs: PlansNeeds) {}

  readonly approve = async (): Promise<string[]> => {
    const { chance, model, places, now, orders, drafted } = this.needs
    const today = dayOf(new Date(now()))
    const planDay = chance.next() < 0.05 ? dayAfter(today, -1) : today
    const from = chance.one(places)
    const isCareless = chance.next() < 0.1
    const there = [...model.lots.values()].filter((lot) => model.free(lot.id, from) > 0 && (isCareless || mayGo(lot, today)))
    if (there.length === 0) return []
    const shipments = Array.from({ length: 1 + chance.below(3) }, (_, i): PlannedShipment => ({
      id: `S000${i + 1}`, to: chance.one(places.filter((place) => place !== from)),
      lines: Array.from({ length: 1 + chance.below(2) }, () => this.taken(chance.one(there).id, from)),
    }))
    const run = await drafted(planDay, shipments.map(({ id, to, lines }) => shipmentOf(id, {
      from, to, day: planDay, lines: lines.map(({ lot, ordered }) => ({ ...this.rowOf(lot, from), units: ordered })),
    })))
    const wanted = planDay === today && this.isThere(from, today, shipments) ? 'kept' : 'planIsStale'
    const said = await this.needs.post(`/api/plan-runs/${run}/approve-allocation`, {})
    const wrong = this.needs.ended('plan', endOf(said, 200), wanted, said)
    if (said.status !== 200 || wanted !== 'kept') return wrong
    const { orders: ids } = said.json as { orders: string[] }
    this.plans.push({ run, isWithdrawn: false, orders: shipments.map(({ to, lines }, i) => orders.add({ id: ids[i] ?? '', from, to, request: null, arrivesOn: today, lines })) })
    return [...wrong, ...(ids.length === shipments.length ? [] : [`a plan of ${shipments.length} shipments became ${ids.length} orders`])]
  }

  readonly withdraw = async (): Promise<string[]> => {
    const { chance, orders } = this.needs
    const standing = this.plans.filter(({ isWithdrawn }) => !isWithdrawn)
    const among = standing.length > 0 && chance.next() < 0.85 ? standing : this.plans
    if (among.length === 0) return []
    const plan = chance.one(among)
    const issued = plan.orders.filter(({ state }) => state === 'issued')
    const out = plan.orders.filter(({ state }) => !['issued', 'cancelled'].includes(state))
    const wanted = plan.isWithdrawn ? 'planIsDecided' : issued.length === 0 && out.length > 0 ? 'ordersAreOut' : 'kept'
    const said = await this.needs.post(`/api/plan-runs/${plan.run}/withdraw-allocation`, { note: 'not needed' })
    const wrong = this.needs.ended('withdraw', endOf(said, 200), wanted, said)
    if (said.status !== 200 || wanted !== 'kept') return wrong
    for (const order of issued) orders.cancelled(order)
    plan.isWithdrawn = true
    const shown = (ids: readonly string[]) => [...ids].sort().join()
    const [is, left] = [shown((said.json as { ordersOut: string[] }).ordersOut), shown(out.map(({ id }) => id))]
    return [...wrong, ...(is === left ? [] : [`withdrawn while ${is} were out, not ${left}`])]
  }

  /** Mostly some of what is free; now and then more than there is. */
  private taken(lot: string, from: string): Taken {
    const { chance, model } = this.needs
    const free = model.free(lot, from)
    return { lot, ordered: chance.next() < 0.1 ? free + 1 + chance.below(9) : 1 + chance.below(Math.ceil(free / 3)) }
  }

  private isThere(from: string, day: string, shipments: readonly PlannedShipment[]): boolean {
    const { model } = this.needs
    const all = new Map<string, number>()
    for (const { lot, ordered } of shipments.flatMap(({ lines }) => lines)) all.set(lot, (all.get(lot) ?? 0) + ordered)
    return [...all].every(([lot, units]) => {
      const known = model.lots.get(lot)
      return known !== undefined && mayGo(known, day) && model.free(lot, from) >= units
    })
  }

  /** The row by which a plan knows a lot: its own name where it came in, and one with the place in it elsewhere. */
  private rowOf(lot: string, from: string): { row: string; item: string } {
    const { item = '', place = '' } = this.needs.model.lots.get(lot) ?? {}
    return { item, row: stockRowId(lot, from, place) }
  }
}
