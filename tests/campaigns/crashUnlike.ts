import { ask } from '../support/serving.js'
import { goodsRows } from './crashGoods.js'
import { type Deed, idOf, type Ward } from './crashLoad.js'

/** Every item of a list, page by page. */
export async function allOf<T>(address: string, path: string): Promise<T[]> {
  const items: T[] = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const said = await ask(address, `${path}&limit=200${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`)
    if (said.status !== 200) throw new Error(`${path}: ${said.status} ${said.text}`)
    const page = said.json as { items: T[]; next: string | null }
    items.push(...page.items)
    cursor = page.next
  }
  return items
}

interface StayOut {
  readonly case: string
  readonly endedAt: string | null
  readonly pool: string
}

/** A figure of the store, and what it has to be by what was answered. */
export type Row = readonly [what: string, found: unknown, wanted: unknown]

/** What stands in the store against what was answered. */
export async function unlike(address: string, deeds: readonly Deed[], ward: Ward): Promise<string[]> {
  const rows = [...await wardRows(address, deeds, ward), ...ward.draft === null ? [] : [...await orderRows(address, deeds, ward), ...await siteRows(address, deeds, ward), ...await goodsRows(address, deeds, ward)]]
  return rows.filter(([, found, wanted]) => JSON.stringify(found) !== JSON.stringify(wanted))
    .map(([what, found, wanted]) => `${what}: ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`)
}

/** Deeds of a method at an address that were answered with a status. */
export const done = (deeds: readonly Deed[], method: string, path: RegExp, status: number): Deed[] =>
  deeds.filter(({ asking, answer }) => asking.method === method && path.test(asking.path) && answer?.status === status)
const placeOf = ({ asking: { body } }: Deed): unknown => (body as { place?: unknown }).place
const occupiedIn = async (address: string, pool: string) => ((await ask(address, `/api/pools/${pool}`)).json as { occupied: number }).occupied
const staysAt = (address: string, place: string) => allOf<StayOut>(address, `/api/stays?place=${place}`)

async function wardRows(address: string, deeds: readonly Deed[], { unit, place, pools, counted }: Ward): Promise<Row[]> {
  const of = (method: string, path: RegExp, status: number) => done(deeds, method, path, status).length
  const cases = (await allOf<{ id: string; version: number }>(address, `/api/cases?unit=${unit}`)).filter(({ id }) => !id.includes('-planned-'))
  const stays = await staysAt(address, place)
  const open = stays.filter(({ endedAt }) => endedAt === null)
  const admitted = done(deeds, 'POST', /^\/api\/stays$/, 201).filter((deed) => placeOf(deed) === place).length
  const versions = ((await ask(address, `/api/pools/${counted}`)).json as { version: number }).version
  return [
    ['cases', cases.length, of('PUT', /^\/api\/cases\//, 201)],
    ['cases of another version than the first', cases.filter(({ version }) => version !== 1).length, 0],
    ['stays', stays.length, admitted + of('POST', /^\/api\/stays\/.*\/move$/, 201)],
    ['open stays', open.length, admitted - of('POST', /\/end$/, 200)],
    ['people in two places', open.length - new Set(open.map((stay) => stay.case)).size, 0],
    ['people in the pools', await Promise.all(pools.map((pool) => occupiedIn(address, pool))), pools.map((pool) => open.filter((stay) => stay.pool === pool).length)],
    // The definition and the first count are versions one and two.
    ['versions of the counted pool', versions, 2 + of('PUT', /\/report$/, 200)],
  ]
}

const AFTER: Readonly<Record<string, string>> = { accept: 'accepted', dispatch: 'dispatched', arrive: 'arrived', cancel: 'cancelled' }

interface OrderOut {
  readonly id: string
  readonly state: string
  readonly plan: string | null
}

/** Orders stand where their last step has led them, each once, and those of the plan are the ones that its approval names. */
async function orderRows(address: string, deeds: readonly Deed[], { draft, district, hub }: Ward): Promise<Row[]> {
  const states = new Map(done(deeds, 'POST', /^\/api\/transfer-orders$/, 201).flatMap(({ answer }): [string, string][] => (answer === null ? [] : [[idOf(answer), 'issued']])))
  for (const { asking: { path } } of done(deeds, 'POST', /^\/api\/transfer-orders\/./, 200)) {
    const [order = '', step = ''] = path.split('/').slice(3)
    states.set(order, AFTER[step] ?? step)
  }
  const listed = (query: string) => allOf<OrderOut>(address, `/api/transfer-orders?${query}`)
  const outside = (await listed(`fromPlace=${district.place}`)).filter(({ plan }) => plan === null).map(({ id, state }) => [id, state])
  const approvals = done(deeds, 'POST', /\/approve$/, 200)
  const refused = done(deeds, 'POST', /\/approve$/, 409)
  const named = approvals.flatMap(({ answer }) => (answer?.json as { orders: string[] }).orders)
  const arrivals = [...states.values()].filter((state) => state === 'arrived').length
  const [came, left] = [await staysAt(address, hub.place), await staysAt(address, district.place)]
  return [
    ['orders outside any plan', outside, [...states].sort(([a], [b]) => (a < b ? -1 : 1))],
    ['plans approved', approvals.length, approvals.length + refused.length === 0 ? 0 : 1],
    ['orders of the plan', (await listed(`plan=${draft}`)).map(({ id }) => id), named.sort()],
    ['arrived at the hub', [came.length, await occupiedIn(address, hub.pool)], [arrivals, arrivals]],
    ['left the district', left.filter(({ endedAt }) => endedAt !== null).length, arrivals],
  ]
}

async function siteRows(address: string, deeds: readonly Deed[], { site }: Ward): Promise<Row[]> {
  const stays = await allOf<{ contact: string; endedAt: string | null }>(address, `/api/isolation/stays?place=${site.place}`)
  const open = stays.filter(({ endedAt }) => endedAt === null)
  const [came, went] = [done(deeds, 'POST', /\/check-in$/, 200).length, done(deeds, 'POST', /\/leave$/, 200).length]
  return [
    ['stays in isolation', stays.length, came], ['still there', open.length, came - went], ['in two rooms', open.length - new Set(open.map(({ contact }) => contact)).size, 0],
    ['people in the rooms', await occupiedIn(address, site.pool), came - went],
  ]
}
