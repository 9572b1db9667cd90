import type { Said } from '../support/serving.js'
import type { OrdersNeeds } from './stockOrders.js'

/** Base units in which items leave unopened, where single ones do not. */
const UNOPENED: Readonly<Record<string, number>> = { suit: 25 }

export interface ModelRequest {
  readonly id: string
  readonly place: string
  readonly item: string
  readonly asked: number
  approved: number | null
  state: 'open' | 'approved' | 'refused'
}

interface Wanted {
  readonly request: ModelRequest | null
  readonly byPhone: boolean
  readonly to: string
  readonly lines: readonly { readonly item: string; readonly units: number }[]
}

/** Requests for material beside their model. `ordered`: base units of its item that orders which stand carry for one. */
export class StockRequests {
  readonly all: ModelRequest[] = []
  constructor(private readonly needs: OrdersNeeds, private readonly ordered: (request: ModelRequest) => number) {}

  readonly ask = async (): Promise<string[]> => {
    const { chance, places, items } = this.needs
    const [place, item, units] = [chance.one(places), chance.one(items), 1 + chance.below(90)]
    const said = await this.needs.post('/api/material-requests', { place, item, units, urgency: 'ordinary' })
    const isTwice = this.all.some((one) => one.state === 'open' && one.place === place && one.item === item)
    if (said.status === 201) this.all.push({ id: (said.json as { id: string }).id, place, item, asked: units, approved: null, state: 'open' })
    return this.needs.ended('ask', endOf(said, 201), isTwice ? 'alreadyExists' : 'kept', said)
  }

  readonly answered = (): Promise<string[]> => (this.needs.chance.next() < 0.6 ? this.approve() : this.refuse())

  private readonly approve = (): Promise<string[]> => this.answer('approve', (request) => {
    const units = 1 + this.needs.chance.below(Math.ceil(request.asked * 1.2))
    const isWrong = units > request.asked || whole(request.item, units) < this.ordered(request)
    return { body: { units }, wanted: isWrong ? 'wrongFigure' : 'kept', keep: () => Object.assign(request, { state: 'approved', approved: units }) }
  })

  private readonly refuse = (): Promise<string[]> => this.answer('refuse', (request) =>
    ({ body: { answer: 'none left' }, wanted: this.ordered(request) > 0 ? 'stepOutOfOrder' : 'kept', keep: () => Object.assign(request, { state: 'refused' }) }))

  /** One that an order may name, mostly one that may be served; null: there is none. */
  draw(): ModelRequest | null {
    const { chance } = this.needs
    const standing = this.all.filter(({ state }) => state !== 'refused')
    const among = standing.length > 0 && chance.next() < 0.9 ? standing : this.all
    return among.length === 0 ? null : chance.one(among)
  }

  /** Some of what was asked for. */
  part({ asked }: ModelRequest): { packing: null; count: number; units: number } {
    const units = 1 + this.needs.chance.below(asked)
    return { packing: null, count: units, units }
  }

  /** Whether an order may answer a request; null: it may. */
  predict({ request, byPhone, to, lines }: Wanted): string | null {
    if (request === null) return null
    const own = lines.filter(({ item }) => item === request.item)
    if (request.place !== to || own.length === 0 || request.state === 'refused' || (request.state === 'open' && !byPhone)) return 'wrongReference'
    const units = own.reduce((sum, line) => sum + line.units, this.ordered(request))
    return units > whole(request.item, request.approved ?? request.asked) ? 'wrongFigure' : null
  }

  private async answer(how: 'approve' | 'refuse', told: (request: ModelRequest) => { body: object; wanted: string; keep: () => void }): Promise<string[]> {
    const { chance } = this.needs
    const open = this.all.filter(({ state }) => state === 'open')
    const among = open.length > 0 && chance.next() < 0.9 ? open : this.all
    if (among.length === 0) return []
    const request = chance.one(among)
    const { body, wanted, keep } = told(request)
    const said = await this.needs.post(`/api/material-requests/${request.id}/${how}`, body, 'group')
    const predicted = request.state === 'open' ? wanted : 'stepOutOfOrder'
    if (said.status === 200 && predicted === 'kept') keep()
    return this.needs.ended(how, endOf(said, 200), predicted, said)
  }
}

const whole = (item: string, units: number): number => {
  const each = UNOPENED[item] ?? 1
  return Math.ceil(units / each) * each
}
const endOf = (said: Said, kept: number): string => (said.status === kept ? 'kept' : (said.json as { code: string }).code)
