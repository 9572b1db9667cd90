import { handoverAt } from '../support/desk.js'
import type { Said } from '../support/serving.js'
import { idOf, type Ward } from './crashLoad.js'
import type { Chance } from './racesChance.js'
import { fitBody, noticeBody, personBody } from './racesRows.js'
import type { Asking } from './racesWorld.js'

/** Sends one deed; null when it was not answered, or refused though it must not be. `lines`: how many lines of the journal it is worth. */
export type Take = (asking: Asking, expected: readonly number[], lines?: number) => Promise<Said | null>

export interface Chain {
  readonly ward: Ward
  readonly chance: Chance
  readonly take: Take
  /** Begins the ids of whoever it is about. */
  readonly who: string
}

const post = (path: string, body: object): Asking => ({ method: 'POST', path: `/api${path}`, body })
const put = (path: string, body: object): Asking => ({ method: 'PUT', path: `/api${path}`, body })

/** Somebody is admitted, perhaps moved, perhaps discharged. A step that is not acknowledged breaks a chain off: false. */
export async function admission({ ward, chance, take, who }: Chain): Promise<boolean> {
  const [first, second] = ward.pools
  if (await take(put(`/cases/${who}`, personBody(ward.unit)), [201]) === null) return false
  const admitted = post('/stays', { case: who, place: ward.place, pool: first })
  const stay = await take(admitted, [201])
  if (stay === null) return false
  if (chance.next() < 0.1 && await take(admitted, [409]) === null) return false
  const last = chance.next() < 0.5 ? await take(post(`/stays/${idOf(stay)}/move`, { place: ward.place, pool: second }), [201]) : stay
  if (last === null) return false
  const end = post(`/stays/${idOf(last)}/end`, { ending: chance.one(['died', 'discharged', 'left']) })
  return chance.next() < 0.5 || await take(end, [200]) !== null
}

/** Somebody in the district is ordered to the hub, and the order is carried out as far as chance has it. */
export async function transfer({ ward, chance, take, who }: Chain): Promise<boolean> {
  if (await take(put(`/cases/${who}`, fitBody(ward.unit)), [201]) === null) return false
  if (await take(post('/stays', { case: who, ...ward.district }), [201]) === null) return false
  const issued = await take(post('/transfer-orders', { patient: who, pool: ward.hub.pool, reason: 'newCase' }), [201])
  if (issued === null) return false
  const step = (name: string, body: object = {}, lines = 1) => take(post(`/transfer-orders/${idOf(issued)}/${name}`, body), [200], lines)
  if (chance.next() < 0.2) return await step('cancel', { note: 'not needed' }) !== null
  const left = await step('accept') === null ? null : await step('dispatch')
  if (left === null) return false
  // The stay that is moved has a line of its own, and so has the one that it was.
  return chance.next() < 0.2 || await step('arrive', { handover: handoverAt((left.json as { dispatchedAt: string }).dispatchedAt) }, 3) !== null
}

/** A contact is announced, comes if there is a room, and perhaps leaves. */
export async function isolation({ ward, chance, take, who }: Chain): Promise<boolean> {
  const contact = who.replace(`${ward.unit}-`, `${ward.unit}-M`)
  if (await take(put(`/contacts/${contact}`, noticeBody(ward.unit)), [201]) === null) return false
  const come = await take(post(`/contacts/${contact}/check-in`, { ...ward.site }), [200, 409])
  if (come === null || come.status === 409 || chance.next() < 0.3) return come !== null
  return await take(post(`/contacts/${contact}/leave`, { ending: 'left' }), [200]) !== null
}

/** The draft of the round is approved, by whoever comes first. */
export async function approval({ ward, take }: Chain): Promise<boolean> {
  if (ward.draft === null) return true
  const asking = { ...post(`/plan-runs/${ward.draft}/approve`, {}), headers: { authorization: ward.approver } }
  const said = await take(asking, [200, 409])
  return said !== null
}
