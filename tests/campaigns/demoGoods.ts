import { invariant } from '../../src/kernel/invariant.js'
import type { Role } from '../../src/kernel/roles.js'
import type { Said } from '../support/serving.js'

/** The people of a day, as far as material is concerned. */
interface Goods {
  readonly as: (role: Role, method: string, path: string, body?: unknown) => Promise<Said>
  readonly refused: (role: Role, code: string, method: string, path: string, body?: unknown) => Promise<string>
  readonly pass: (hours: number) => Promise<void>
}
type Tell = (line: string) => void

interface Line { readonly seq: number; readonly item: string; readonly lot: string; readonly ordered: number; readonly shipped: number | null }
interface Order { readonly id: string; readonly from: string; readonly to: string; readonly state: string; readonly lines: readonly Line[] }
interface Approved {
  readonly orders: readonly string[]
  readonly waiting: readonly unknown[]
  readonly lines: readonly { readonly planned: number; readonly shipped: number | null; readonly accepted: number | null; readonly damaged: number | null; readonly missing: number | null; readonly fate: string }[]
}

const sum = (figures: readonly (number | null)[]): number => figures.reduce<number>((total, one) => total + (one ?? 0), 0)

/** The material of a plan is approved by the supplies group, without its last shipment. */
export async function allocated(today: Goods, run: string, tell: Tell): Promise<void> {
  const { material } = (await today.as('suppliesGroup', 'GET', `/api/plan-runs/${run}/plan`)).json as { material: { shipments: { id: string }[] } | null }
  invariant(material !== null && material.shipments.length > 2, 'the plan gives material out')
  tell(`the planner may not approve its material: ${await today.refused('planner', 'forbidden', 'POST', `/api/plan-runs/${run}/approve-allocation`, {})}`)
  const last = material.shipments.at(-1)?.id
  const { orders, waiting } = (await today.as('suppliesGroup', 'POST', `/api/plan-runs/${run}/approve-allocation`, { struck: [{ shipment: last, reason: '该处今日无人收货' }] })).json as Approved
  tell(`the supplies group approves ${material.shipments.length} shipments without ${last}: ${orders.length} allocation orders issued, ${waiting.length} lines wait for supplies to come`)
}

/** Orders are shipped, one of them partly, received with a difference, used, counted; a hospital asks urgently and is served outside the plan. */
export async function carried(today: Goods, run: string, tell: Tell): Promise<void> {
  const orderOf = async (id: string) => (await today.as('supplyOfficer', 'GET', `/api/allocation-orders/${id}`)).json as Order
  const step = (id: string, name: string, body: object = {}) => today.as('supplyOfficer', 'POST', `/api/allocation-orders/${id}/${name}`, body)
  const { orders } = (await today.as('suppliesGroup', 'GET', `/api/plan-runs/${run}/allocation`)).json as Approved
  const going = await Promise.all(orders.slice(0, 4).map(orderOf))
  const [partly, broken] = going.filter(({ lines }) => (lines[0]?.ordered ?? 0) > 20)
  invariant(partly !== undefined && broken !== undefined, 'two of the orders carry more than twenty of something')
  for (const { id, lines: [first] } of going) {
    await step(id, 'ship', { vehicle: '渝A-物资3', carrier: '市物流调度', ...(id === partly.id ? { lines: [{ seq: 1, units: (first?.ordered ?? 0) - 12 }] } : {}) })
  }
  tell(`${going.length} orders leave ${[...new Set(going.map(({ from }) => from))].join(', ')}; of ${partly.id} 12 ${partly.lines[0]?.item} stay behind`)
  const shipped = await orderOf(broken.id)
  const [line] = shipped.lines
  invariant(line !== undefined && line.shipped !== null, 'it was shipped')
  tell(`nobody receives more than was shipped: ${await today.refused('supplyOfficer', 'doesNotAddUp', 'POST', `/api/allocation-orders/${broken.id}/receive`, { lines: [{ seq: 1, accepted: line.shipped + 1 }] })}`)
  const less = { lines: [{ seq: 1, accepted: line.shipped - 9, damaged: 7, missing: 2, difference: 'wet', missingDifference: 'short' }] }
  tell(`whoever shipped it does not sign for less: ${await today.refused('supplyOfficer', 'forbidden', 'POST', `/api/allocation-orders/${broken.id}/receive`, less)}`)
  for (const { id } of going) {
    if (id === broken.id) await today.as('suppliesGroup', 'POST', `/api/allocation-orders/${id}/receive`, less)
    else await step(id, 'receive')
  }
  const { lines } = (await today.as('auditor', 'GET', `/api/plan-runs/${run}/allocation`)).json as Approved
  tell(`received, 7 damp and 2 missing at ${broken.to}; plan against actual: ${sum(lines.map(({ planned }) => planned))} planned, ${sum(lines.map(({ shipped: units }) => units))} shipped, `
    + `${sum(lines.map(({ accepted }) => accepted))} accepted, ${sum(lines.map(({ damaged }) => damaged))} damaged, ${sum(lines.map(({ missing }) => missing))} missing`)
  await counted(today, { place: broken.to, item: line.item }, tell)
  await asked(today, { from: broken.from, to: broken.to, item: line.item }, tell)
}

interface Stock { readonly lot: string; readonly onHand: number | null }

/** Some is used up, and what is left is counted: two fewer than there should be. */
async function counted(today: Goods, { place, item }: { place: string; item: string }, tell: Tell): Promise<void> {
  const used = (await today.as('supplyOfficer', 'POST', '/api/stock-notes/outs', { place, kind: 'consumption', lines: [{ item, count: 6 }] })).json as { id: string }
  await today.pass(0.2)
  const stock = ((await today.as('supplyOfficer', 'GET', `/api/stock?place=${place}&item=${item}`)).json as { items: Stock[] }).items
  const found = Object.fromEntries(stock.map(({ lot, onHand }, i) => [lot, (onHand ?? 0) - (i === 0 ? 2 : 0)]))
  const note = (await today.as('supplyOfficer', 'POST', '/api/stock-notes/stocktakes', { place, item, counted: found })).json as { lines: { units: number; to: string }[] }
  invariant(sum(note.lines.map(({ units }) => units)) === 2 && note.lines[0]?.to === 'unexplained', 'the count finds two fewer')
  tell(`${place} uses 6 ${item} and counts what is left: 2 are unexplained`)
  tell(`what was counted is not taken back: ${await today.refused('supplyOfficer', 'figureIsOlder', 'POST', `/api/stock-notes/${used.id}/reverse`, { note: '录错' })}`)
}

/** A hospital asks ten times what it needs; what it gets is what was recommended, by an order outside the plan. */
async function asked(today: Goods, { from, to, item }: { from: string; to: string; item: string }, tell: Tell): Promise<void> {
  const { id } = (await today.as('supplyOfficer', 'POST', '/api/material-requests', { place: to, item, units: 300, urgency: 'urgent', reason: '夜班不够' })).json as { id: string }
  await today.as('suppliesGroup', 'POST', `/api/material-requests/${id}/recommend`, { need: 30, recommended: 24 })
  await today.as('suppliesGroup', 'POST', `/api/material-requests/${id}/approve`, { units: 24, answer: '按测算需求' })
  const order = (await today.as('suppliesGroup', 'POST', '/api/allocation-orders', { kind: 'allocation', from, to, lines: [{ item, count: 24 }], reason: '夜班不够', request: id })).json as Order
  await today.as('supplyOfficer', 'POST', `/api/allocation-orders/${order.id}/ship`, {})
  await today.as('supplyOfficer', 'POST', `/api/allocation-orders/${order.id}/receive`, {})
  const request = (await today.as('supplyOfficer', 'GET', `/api/material-requests/${id}`)).json as Readonly<Record<string, unknown>>
  tell(`an urgent request of ${to}: ${['asked', 'need', 'recommended', 'approved', 'shipped', 'received'].map((figure) => `${figure} ${JSON.stringify(figureOf(request[figure]))}`).join(', ')}`)
}

const figureOf = (value: unknown): unknown => (typeof value === 'object' && value !== null && 'units' in value ? value.units : value)
