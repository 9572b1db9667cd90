import { ask } from '../support/serving.js'
import type { Chain } from './crashChains.js'
import { type Deed, idOf, type Ward } from './crashLoad.js'
import { allOf, done, type Row } from './crashUnlike.js'
import type { Asking } from './racesWorld.js'

export const GOODS_STOCK = 900_000
export const itemOf = ({ name }: Pick<Ward, 'name'>): string => `mask-${name}`
const post = (path: string, body: object): Asking => ({ method: 'POST', path: `/api${path}`, body })

/** Something is used up at the district, or ordered to the hub, shipped and received, perhaps with a difference. */
export async function goods({ ward, chance, take }: Chain): Promise<boolean> {
  const { district, hub } = ward
  const item = itemOf(ward)
  const count = 1 + chance.below(90)
  const used = { place: district.place, kind: chance.one(['consumption', 'damage', 'loss']), note: 'found so', lines: [{ item, count }] }
  if (chance.next() < 0.4) {
    const note = await take(post('/stock-notes/outs', used), [201])
    return note !== null && (chance.next() < 0.6 || await take(post(`/stock-notes/${idOf(note)}/reverse`, { note: 'a mistake' }), [201]) !== null)
  }
  const order = await take(post('/allocation-orders', { kind: 'allocation', from: district.place, to: hub.place, lines: [{ item, count }], reason: '断供' }), [201])
  if (order === null) return false
  const step = (name: string, body: object = {}) => take(post(`/allocation-orders/${idOf(order)}/${name}`, body), [200])
  if (chance.next() < 0.2) return await step('cancel', { note: 'not needed' }) !== null
  if (await step('ship') === null) return false
  const damaged = chance.below(count + 1)
  const lines = [{ seq: 1, accepted: count - damaged, damaged, ...(damaged > 0 ? { difference: 'broken' } : {}) }]
  // Whoever shipped something does not sign for less of it.
  const receive = { ...post(`/allocation-orders/${idOf(order)}/receive`, { lines }), headers: { authorization: ward.approver } }
  return chance.next() < 0.2 || await take(receive, [200]) !== null
}

interface Stock { readonly place: string; readonly onHand: number; readonly promised: number }
const countIn = ({ asking: { body } }: Deed): number => (body as { lines: { count: number }[] }).lines[0]?.count ?? 0

/** What lies where, and what is promised, against every note and order that was answered. */
export async function goodsRows(address: string, deeds: readonly Deed[], ward: Ward): Promise<Row[]> {
  const { district, hub } = ward
  const { items } = (await ask(address, `/api/stock?item=${itemOf(ward)}`)).json as { items: Stock[] }
  const at = (place: string) => items.find((row) => row.place === place) ?? { onHand: 0, promised: 0 }
  const outs = new Map(done(deeds, 'POST', /^\/api\/stock-notes\/outs$/, 201).map((deed) => [idOf(deed.answer as NonNullable<Deed['answer']>), countIn(deed)]))
  for (const { asking: { path } } of done(deeds, 'POST', /\/reverse$/, 201)) outs.delete(path.split('/')[3] ?? '')
  const orders = new Map(done(deeds, 'POST', /^\/api\/allocation-orders$/, 201).map((deed) => [idOf(deed.answer as NonNullable<Deed['answer']>), { count: countIn(deed), state: 'issued', accepted: 0 }]))
  for (const { asking: { path, body } } of done(deeds, 'POST', /^\/api\/allocation-orders\/./, 200)) {
    const [id = '', step = ''] = path.split('/').slice(3)
    const order = orders.get(id)
    if (order === undefined) continue
    order.state = { ship: 'shipped', receive: 'received', cancel: 'cancelled' }[step] ?? step
    if (step === 'receive') order.accepted = (body as { lines: { accepted: number }[] }).lines[0]?.accepted ?? 0
  }
  const all = [...orders.values()]
  const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0)
  const left = sum(all.filter(({ state }) => state === 'shipped' || state === 'received').map(({ count }) => count))
  const states = (await allOf<{ id: string; state: string }>(address, `/api/allocation-orders?from=${district.place}`)).map(({ id, state }) => [id, state]).sort()
  return [
    ['allocation orders', states, [...orders].map(([id, { state }]) => [id, state]).sort()],
    ['stock at the district', at(district.place).onHand, GOODS_STOCK - sum([...outs.values()]) - left],
    ['promised there', at(district.place).promised, sum(all.filter(({ state }) => state === 'issued').map(({ count }) => count))],
    ['stock at the hub', at(hub.place).onHand, sum(all.map(({ accepted }) => accepted))],
  ]
}
