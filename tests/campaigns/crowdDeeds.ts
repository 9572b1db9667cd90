import { handoverAt } from '../support/desk.js'
import type { Asked } from '../support/serving.js'
import { BEDS, CONTACT_IDS, PATIENTS, ROOMS, UNIT, VEHICLES } from './crowdWorld.js'
import type { Chance } from './racesChance.js'
import { personBody } from './racesRows.js'

/** What everybody in the crowd sees of the city: what was read last, which may be so no longer. */
export interface Board {
  readonly orders: readonly { readonly id: string; readonly state: string; readonly dispatchedAt: string | null }[]
  readonly stays: readonly { readonly id: string; readonly case: string }[]
  readonly runs: readonly { readonly id: string; readonly state: string }[]
  /** The half of the day that it is. */
  readonly now: { readonly day: string; readonly half: 'morning' | 'evening' }
}

export interface Deed {
  readonly name: string
  readonly path: string
  readonly asked: Asked
}

/** Null: there is nothing of the sort to do. */
type Draw = (board: Board, chance: Chance, serial: number) => Omit<Deed, 'name'> | null

const as = (post: string) => ({ authorization: `Post ${post}` })
const post = (path: string, body: object, headers: Readonly<Record<string, string>> = {}): Omit<Deed, 'name'> =>
  ({ path: `/api${path}`, asked: { method: 'POST', body, headers } })
const put = (path: string, body: object, headers: Readonly<Record<string, string>> = {}): Omit<Deed, 'name'> =>
  ({ path: `/api${path}`, asked: { method: 'PUT', body, headers } })

/** A step of an order that is in a state from which it may be taken, so far as the board knows. */
const step = (name: string, states: readonly string[], body: (chance: Chance, order: Board['orders'][number]) => object = () => ({})): Draw => ({ orders }, chance) => {
  const fit = orders.filter(({ state }) => states.includes(state))
  if (fit.length === 0) return null
  const order = chance.one(fit)
  return post(`/transfer-orders/${order.id}/${name}`, body(chance, order))
}
const WAITING = ['issued', 'accepted', 'reliefAsked']

const bed = (chance: Chance, of: Readonly<Record<string, readonly string[]>>) => {
  const place = chance.one(Object.keys(of))
  return { place, pool: chance.one(of[place] ?? []) }
}
const toHub = (chance: Chance): string => chance.one([...BEDS['hub'] ?? [], ...BEDS['last'] ?? []])
const contact = (chance: Chance, name: string, body: object, ids = CONTACT_IDS) => post(`/contacts/${chance.one(ids)}/${name}`, body)
/** A few whom somebody looks at before they go: nobody is released unseen. */
const SEEN = CONTACT_IDS.slice(0, 6)
const counted = (chance: Chance) => ({ staffed: 8 + chance.below(12), occupied: chance.below(9) })

/** Everything that the crowd does, by name, and how often beside the others. */
export const DEEDS: Readonly<Record<string, readonly [weight: number, draw: Draw]>> = {
  issue: [4, (_, chance) => post('/transfer-orders', {
    patient: chance.one(PATIENTS), pool: toHub(chance), reason: 'worsened', vehicle: chance.next() < 0.3 ? chance.one(VEHICLES) : null,
  })],
  askForPlan: [2, () => post('/plan-runs', { secondOpinion: false, seconds: 5 })],
  approve: [3, ({ runs }, chance) => {
    const done = runs.filter(({ state }) => state === 'done').slice(0, 3)
    return done.length === 0 ? null : post(`/plan-runs/${chance.one(done).id}/approve`, {}, as('group'))
  }],
  withdraw: [1, ({ runs }, chance) => (runs.length === 0 ? null : post(`/plan-runs/${chance.one(runs.slice(0, 5)).id}/withdraw`, { note: 'not any more' }))],
  accept: [4, step('accept', ['issued'])],
  askRelief: [2, step('ask-relief', ['issued', 'accepted'], (chance) => ({ reason: 'noStaff', beds: 1 + chance.below(2) }))],
  uphold: [2, step('uphold', ['reliefAsked'])],
  overrule: [1, step('overrule', ['reliefAsked'])],
  lift: [3, step('lift-relief', ['relieved'])],
  dispatch: [4, step('dispatch', ['accepted'])],
  worsen: [1, step('worsen', ['dispatched'], () => ({ severity: 'severe' }))],
  divert: [1, step('divert', [...WAITING, 'dispatched'], (chance) => ({ pool: toHub(chance), note: 'nearer' }))],
  arrive: [4, step('arrive', ['dispatched'], (_, { dispatchedAt }) => ({ handover: handoverAt(dispatchedAt ?? '') }))],
  die: [1, step('die', ['dispatched'], () => ({ note: 'on the way' }))],
  turnBack: [1, step('turn-back', ['dispatched'], () => ({ reason: 'roadClosed' }))],
  decontaminate: [2, step('decontaminate', ['arrived'])],
  cancel: [1, step('cancel', WAITING, () => ({ note: 'no longer needed' }))],
  unwilling: [1, step('unwilling', WAITING, () => ({ note: 'the family' }))],
  admit: [4, (_, chance) => post('/stays', { case: chance.one(PATIENTS), ...bed(chance, { dist: BEDS['dist'] ?? [] }) })],
  move: [4, ({ stays }, chance) => (stays.length === 0 ? null : post(`/stays/${chance.one(stays).id}/move`, bed(chance, BEDS)))],
  end: [1, ({ stays }, chance) => (stays.length === 0 ? null : post(`/stays/${chance.one(stays).id}/end`, { ending: 'left' }))],
  reportPool: [3, (_, chance) => put(`/pools/${encodeURIComponent(chance.one(Object.values(BEDS).flat()))}/report`, counted(chance))],
  reportPlace: [2, (_, chance) => {
    const place = chance.one(Object.keys(BEDS))
    return put(`/places/${place}/report`, { pools: Object.fromEntries((BEDS[place] ?? []).map((pool) => [pool, counted(chance)])) })
  }],
  putCase: [2, (_, chance) => put(
    `/cases/${chance.one(PATIENTS)}`, { ...personBody(UNIT), fitness: 'fit', fitnessAssessedAt: '2020-01-30T00:00:00+08:00' }, { 'if-match': '*' },
  )],
  requestTransfer: [2, (_, chance) => post(`/cases/${chance.one(PATIENTS)}/transfer-request`, {})],
  checkIn: [3, (_, chance) => contact(chance, 'check-in', bed(chance, ROOMS), chance.next() < 0.5 ? SEEN : CONTACT_IDS)],
  moveRoom: [2, (_, chance) => contact(chance, 'move', bed(chance, ROOMS))],
  leaveRoom: [2, (_, chance) => contact(chance, 'leave', { ending: 'left' })],
  observe: [4, ({ now }, chance) => contact(chance, 'observations', { ...now, symptoms: ['none'] }, chance.next() < 0.8 ? SEEN : CONTACT_IDS)],
  release: [1, (_, chance) => (chance.next() < 0.1 ? contact(chance, 'release', { signedBy: 'cdc-1' }, SEEN) : null)],
  turnPositive: [1, (_, chance, serial) =>
    (chance.next() < 0.1 ? contact(chance, 'positive', { case: `${UNIT}-P${serial}`, status: 'confirmed', severity: 'ordinary' }) : null)],
}

const OFTEN = Object.entries(DEEDS).flatMap(([name, [weight]]) => Array.from({ length: weight }, () => name))

const TRIES_FOR_WANTED = 5

/** Something that can be done, by chance; one of the `wanted` where that can be done. */
export function drawn(board: Board, chance: Chance, serial: number, wanted: readonly string[] = []): Deed {
  for (let tried = 0; ; tried += 1) {
    const name = chance.one(wanted.length > 0 && tried < TRIES_FOR_WANTED ? wanted : OFTEN)
    const deed = DEEDS[name]?.[1](board, chance, serial) ?? null
    if (deed !== null) return { name, ...deed }
  }
}
