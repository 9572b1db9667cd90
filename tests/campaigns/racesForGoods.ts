import { differs, winners } from './racesJudge.js'
import { idOf, type Kind, OTHER_PLACE, PLACE, post, put, type Round } from './racesKind.js'
import { type Asking, RACERS, type RaceWorld } from './racesWorld.js'

const HALF = RACERS / 2
const CARTON = 480
const SOURCE = { source: 'race' }

/** An item of its own, packed in cartons, and so many of it at a place: its lot, and the note by which it came. */
export async function stocked(world: RaceWorld, item: string, units: number): Promise<{ lot: string; note: string }> {
  await world.must(put(`/api/items/${item}`, { name: { zh: '口罩', en: 'Respirator' }, unit: 'piece', grade: 'GB 19083-2010', zones: ['red'], shipsBy: null, cubicCentimetres: 'notTracked', ...SOURCE }))
  await world.must(put(`/api/packings/${item}-carton`, { item, packing: 'carton', units: CARTON, ...SOURCE }))
  const came = await world.must(post('/api/stock-notes/receipts', { place: PLACE, party: 'a supplier', authority: 'city', released: true, lines: [{ item, lot: 'A', expiresOn: null, count: units }] }))
  const [line] = (came.json as { lines: { lot: string }[] }).lines
  return { lot: line?.lot ?? '', note: idOf(came) }
}

const ordering = (item: string, count = 1): Asking =>
  post('/api/allocation-orders', { kind: 'allocation', from: PLACE, to: OTHER_PLACE, lines: [{ item, packing: 'carton', count }], reason: '断供' })
const using = (item: string, count: number): Asking => post('/api/stock-notes/outs', { place: PLACE, kind: 'consumption', lines: [{ item, count }] })
export const stepping = (order: string, step: string, body: object = {}): Asking => post(`/api/allocation-orders/${order}/${step}`, body)

interface Row { readonly place: string; readonly onHand: number; readonly promised: number }
/** What lies where of an item: on hand and promised, by place. */
export async function lying(world: RaceWorld, item: string): Promise<string[]> {
  const { items } = await world.read<{ items: Row[] }>(`/api/stock?item=${item}&limit=200`)
  return items.map(({ place, onHand, promised }) => `${place} ${onHand} ${promised}`).sort()
}

export const itemOf = ({ name }: Round): string => `item-${name}`

const lastCarton: Kind = {
  name: 'the last carton ordered away by 32',
  race: async (round) => {
    const { world, chance } = round
    const item = itemOf(round)
    await stocked(world, item, CARTON + chance.below(CARTON))
    const before = await lying(world, item)
    const answers = await world.together(Array.from({ length: RACERS }, () => ordering(item)), { gate: chance.next() < 0.5 })
    const after = await lying(world, item)
    return [
      ...winners(answers, { won: 201, lost: ['notEnoughStock'], says: { notEnoughStock: /at the H \(H\).*promised to / } }),
      ...differs('promised', after, before.map((row) => row.replace(/ 0$/, ` ${CARTON}`))),
    ]
  },
}

const usedOrSent: Kind = {
  name: 'the last carton ordered away or used up',
  race: async (round) => {
    const { world, chance } = round
    const item = itemOf(round)
    await stocked(world, item, CARTON)
    const askings = chance.shuffled(Array.from({ length: RACERS }, (_, i) => (i < HALF ? ordering(item) : using(item, CARTON))))
    const answers = await world.together(askings, { gate: chance.next() < 0.5 })
    const after = await lying(world, item)
    return [...winners(answers, { won: 201, lost: ['notEnoughStock'] }), ...(after.length === 0 || after[0] === `${PLACE} ${CARTON} ${CARTON}` ? [] : [`there lie ${after.join()}`])]
  },
}

/** A shipment of two cartons on its way, and what was on hand before. */
async function onTheWay(round: Round): Promise<string> {
  const { world } = round
  await stocked(world, itemOf(round), 2 * CARTON)
  const order = idOf(await world.must(ordering(itemOf(round), 2)))
  await world.must(stepping(order, 'ship'))
  return order
}

const receivedTwice: Kind = {
  name: 'a shipment received by 32',
  race: async (round) => {
    const { world, chance } = round
    const order = await onTheWay(round)
    const answers = await world.together(Array.from({ length: RACERS }, (_, i) => stepping(order, 'receive', { note: `gate ${i}` })), { gate: chance.next() < 0.5 })
    return [...winners(answers, { won: 200, lost: ['stepOutOfOrder'] }), ...differs('there', await lying(world, itemOf(round)), [`${OTHER_PLACE} ${2 * CARTON} 0`])]
  },
}

const shippedOrCancelled: Kind = {
  name: 'an allocation order shipped or cancelled',
  race: async (round) => {
    const { world, chance } = round
    await stocked(world, itemOf(round), CARTON)
    const order = idOf(await world.must(ordering(itemOf(round))))
    const askings = chance.shuffled(Array.from({ length: RACERS }, (_, i) => (i < HALF ? stepping(order, 'ship') : stepping(order, 'cancel', { note: 'not needed' }))))
    const answers = await world.together(askings, { gate: chance.next() < 0.5 })
    const { state } = await world.read<{ state: string }>(`/api/allocation-orders/${order}`)
    return [
      ...winners(answers, { won: 200, lost: ['stepOutOfOrder'] }),
      ...differs('there', await lying(world, itemOf(round)), state === 'shipped' ? [] : [`${PLACE} ${CARTON} 0`]),
    ]
  },
}

const reversedTwice: Kind = {
  name: 'a note reversed by 32',
  race: async (round) => {
    const { world, chance } = round
    await stocked(world, itemOf(round), 700)
    const note = idOf(await world.must(using(itemOf(round), 45)))
    const answers = await world.together(Array.from({ length: RACERS }, () => post(`/api/stock-notes/${note}/reverse`, { note: 'twice' })), { gate: chance.next() < 0.5 })
    return [...winners(answers, { won: 201, lost: ['stepOutOfOrder'] }), ...differs('there', await lying(world, itemOf(round)), [`${PLACE} 700 0`])]
  },
}

const countedWhileUsed: Kind = {
  name: 'a stocktake while 31 use what is counted',
  race: async (round) => {
    const { world, chance } = round
    const { lot } = await stocked(world, itemOf(round), 900)
    const count = post('/api/stock-notes/stocktakes', { place: PLACE, item: itemOf(round), counted: { [lot]: 900 } })
    const askings = chance.shuffled([count, ...Array.from({ length: RACERS - 1 }, (_, i) => using(itemOf(round), i + 1))])
    const answers = await world.together(askings, { gate: chance.next() < 0.5 })
    const [row = ''] = await lying(world, itemOf(round))
    const left = Number(row.split(' ')[1])
    const used = (RACERS * (RACERS - 1)) / 2
    // Whoever used before the count is in it, whoever came after is not: so many are left as were used after it, less than 900.
    return [...winners(answers, { won: 201, wins: RACERS, lost: [] }), ...(left <= 900 && left >= 900 - used ? [] : [`${left} are left of 900 that were counted`])]
  },
}

/** Something that the other place asks for, with so many cartons of it in stock. */
async function wanted(round: Round, { units, cartons }: { units: number; cartons: number }): Promise<string> {
  const { world } = round
  await stocked(world, itemOf(round), cartons * CARTON)
  return idOf(await world.must(post('/api/material-requests', { place: OTHER_PLACE, item: itemOf(round), units, urgency: 'urgent' })))
}
const answering = (request: string, how: 'approve' | 'refuse', body: object): Asking => ({ ...post(`/api/material-requests/${request}/${how}`, body), headers: { authorization: 'Post group' } })
const naming = (item: string, request: string, more: object = {}): Asking =>
  post('/api/allocation-orders', { kind: 'allocation', from: PLACE, to: OTHER_PLACE, lines: [{ item, packing: 'carton', count: 1 }], reason: '断供', request, ...more })

const lastApproved: Kind = {
  name: 'the last of what was approved ordered by 32',
  race: async (round) => {
    const { world, chance } = round
    const item = itemOf(round)
    const request = await wanted(round, { units: 5 * CARTON, cartons: RACERS })
    await world.must(answering(request, 'approve', { units: 2 * CARTON + chance.below(CARTON) }))
    const answers = await world.together(Array.from({ length: RACERS }, () => naming(item, request)), { gate: chance.next() < 0.5 })
    return [
      ...winners(answers, { won: 201, wins: 2, lost: ['wrongFigure'], says: { wrongFigure: /960 are ordered already/ } }),
      ...differs('promised', await lying(world, item), [`${PLACE} ${RACERS * CARTON} ${2 * CARTON}`]),
    ]
  },
}

const servedOrTurnedDown: Kind = {
  name: 'a request answered by phone or turned down',
  race: async (round) => {
    const { world, chance } = round
    const item = itemOf(round)
    const request = await wanted(round, { units: CARTON + 9, cartons: 3 })
    const phone = { calledPost: 'ward', answeredPost: 'night-group', at: world.ago(60_000) }
    const askings = chance.shuffled(Array.from({ length: RACERS }, (_, i) =>
      (i < HALF ? naming(item, request, { phone }) : i % 2 === 0 ? answering(request, 'refuse', { answer: 'none left' }) : post(`/api/material-requests/${request}/withdraw`))))
    const answers = await world.together(askings, { gate: chance.next() < 0.5 })
    const { state } = await world.read<{ state: string }>(`/api/material-requests/${request}`)
    const isServed = state === 'open'
    return [
      ...winners(answers, { won: isServed ? 201 : 200, lost: isServed ? ['wrongFigure', 'stepOutOfOrder'] : ['wrongReference', 'stepOutOfOrder'] }),
      ...differs('promised', await lying(world, item), [`${PLACE} ${3 * CARTON} ${isServed ? CARTON : 0}`]),
    ]
  },
}

export const GOODS_RACES: readonly Kind[] = [lastCarton, usedOrSent, receivedTwice, shippedOrCancelled, reversedTwice, countedWhileUsed, lastApproved, servedOrTurnedDown]
