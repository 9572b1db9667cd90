import type { Tx } from '../db/database.js'
import { draftsThatWait } from '../dispatch/draftStore.js'
import { issuedAt } from '../dispatch/issued.js'
import type { RELIEF_REASONS } from '../dispatch/orders.js'
import { purposeOf } from '../dispatch/promises.js'
import { openReliefs } from '../dispatch/reliefStore.js'
import { ordersWithoutPaper, planInForce, plansWithoutPaper } from '../dispatch/store.js'
import { peopleWithoutOrder } from '../dispatch/waitingStore.js'
import { FREE_BEDS } from '../facilities/bedBook.js'
import { poolsOf } from '../facilities/store.js'
import { instantOf, instantOrNull } from '../kernel/time.js'
import { openHolds } from '../ledger/store.js'
import { validateScenario } from '../planning/scenarioFaults.js'
import { snapshotOf } from '../planning/snapshot.js'
import { callsThatMatter, staleFigures } from '../planning/staleness.js'
import { World } from '../planning/world.js'
import type { Open } from './handover.js'
import { materialInShift } from './materialInShift.js'
import { ordersWithRings, unwellUnanswered, urgencyOf } from './rings.js'

/** Everything that is open now, read in one moment of the store: of the city, or as far as it concerns one place. */
export async function readShift(tx: Tx, place: string | null, now: Date): Promise<Open> {
  const pools = place === null ? null : await poolsOf(tx, place)
  const isOurPool = (pool: string) => pools === null || pools.includes(pool)
  const isOurs = ({ fromPlace, toPlace }: { fromPlace: string; toPlace: string | null }) => place === null || fromPlace === place || toPlace === place
  const [orders, holds, reliefs, figures] = [
    await ordersWithRings(tx, now), await openHolds(tx, { account: FREE_BEDS, books: pools }), await openReliefs(tx), await figuresToAsk(tx, now),
  ]
  const { allocations, requests, withoutPaper: materialWithoutPaper } = await materialInShift(tx, place, now)
  return {
    knownAt: instantOf(now),
    // What is over is open while its vehicle is not clean.
    orders: orders.filter(({ order, isUnderWay }) => isOurs(order) && isUnderWay).sort((a, b) => urgencyOf(a.severity) - urgencyOf(b.severity)).map(({ order, severity, rings }) => ({
      order: order.id, state: order.state, patient: order.patient, severity, fromPlace: order.fromPlace, toPlace: order.toPlace, outside: order.outside, pool: order.pool, vehicle: order.vehicle,
      departs: instantOrNull(order.departs), arrives: instantOrNull(order.arrives), deadline: instantOrNull(order.deadline),
      rings: rings.map(({ kind, since }) => ({ kind, since: instantOf(since) })),
    })),
    ...await waitingIn(tx, place, now),
    symptoms: await symptomsIn(tx, place),
    promises: holds.map(({ book, purpose, quantity, deadline }) => {
      const { kind, order } = purposeOf(purpose)
      return { pool: book, purpose: kind, order, beds: quantity, deadline: instantOrNull(deadline) }
    }),
    reliefs: reliefs.filter(({ pool }) => isOurPool(pool)).map(({ order, pool, beds, reason, since, upheldBy }) =>
      ({ order, pool, beds, reason: reason as keyof typeof RELIEF_REASONS, since: instantOf(since), upheldBy })),
    ...(place === null ? await plansOf(tx, now) : { plan: null, drafts: [] }),
    withoutPaper: [...await withoutPaper(tx, { isOfCity: place === null, isOurs }), ...materialWithoutPaper],
    allocations, requests,
    calls: figures?.calls.filter(({ place: called }) => place === null || called === place) ?? null,
    stale: figures?.stale.filter(({ pool }) => isOurPool(pool)) ?? null,
  }
}

/** Who waits without an order that stands: who fell out of the plans, and everybody else. */
async function waitingIn(tx: Tx, place: string | null, now: Date): Promise<Pick<Open, 'fallenOut' | 'waiting'>> {
  const people = (await peopleWithoutOrder(tx, now)).filter(({ waiting }) => place === null || waiting.place === place)
    .map(({ waiting: { patient, person: { severity }, place: lies, pool, waitingSince }, fall }) => ({ who: { patient, severity, place: lies, pool }, waitingSince, fall }))
  return {
    fallenOut: people.flatMap(({ who, fall }) => (fall === null ? [] : [{ ...who, ...fall, since: instantOf(fall.since) }])),
    waiting: people.flatMap(({ who, waitingSince, fall }) => (fall === null ? [{ ...who, since: instantOf(waitingSince) }] : [])),
  }
}

/** Fever and symptoms in isolation that ring, those that have rung longest first. */
async function symptomsIn(tx: Tx, place: string | null): Promise<Open['symptoms']> {
  const unwell = (await unwellUnanswered(tx)).filter((one) => place === null || one.place === place)
  return unwell.sort((a, b) => a.since.getTime() - b.since.getTime()).map(({ id, place: at, since, looks }) => ({
    contact: id, place: at, since: instantOf(since),
    seen: looks.map(({ day, half, temperatureTenths, symptoms }) => ({ day, half, temperatureTenths, symptoms: [...symptoms] })),
  }))
}

/** The plan in force, and drafts of which something can still be approved today or later. */
async function plansOf(tx: Tx, now: Date): Promise<Pick<Open, 'plan' | 'drafts'>> {
  const inForce = await planInForce(tx)
  return {
    plan: inForce === null ? null : { run: inForce.id, approvedAt: instantOf(inForce.approvedAt), approvedBy: inForce.approvedBy },
    drafts: (await draftsThatWait(tx, now)).map(({ run, planDay, requestedAt, requestedBy, ofTransfers, ofMaterial }) =>
      ({ run, planDay, requestedAt: instantOf(requestedAt), requestedBy, waits: !ofMaterial ? 'transfers' : ofTransfers ? 'both' : 'material' })),
  }
}

async function withoutPaper(tx: Tx, of: { isOfCity: boolean; isOurs: (order: { fromPlace: string; toPlace: string | null }) => boolean }): Promise<Open['withoutPaper']> {
  const plans = of.isOfCity ? await plansWithoutPaper(tx) : []
  const orders = (await ordersWithoutPaper(tx)).filter(of.isOurs)
  return [
    ...plans.flatMap(({ id, phone }) => (phone === null ? [] : [{ kind: 'plan' as const, id, ...phone }])),
    ...orders.map(({ id, phone, issuedAt: at }) => ({ kind: 'order' as const, id, ...(phone ?? { calledPost: null, answeredPost: null, at: instantOf(at) }) })),
  ]
}

/** Figures that are too old or were never told, with whom to call first; null where nothing could be planned. */
async function figuresToAsk(tx: Tx, now: Date): Promise<{ calls: NonNullable<Open['calls']>; stale: NonNullable<Open['stale']> } | null> {
  const read = validateScenario(await snapshotOf(tx, { asOf: null, planDay: null, policy: {}, require: null, material: 'none' }, now, issuedAt))
  if (!read.ok) return null
  const world = new World(read.scenario)
  return {
    calls: callsThatMatter(world).map(({ pool, place, waiting, text }) => ({ pool, place, waiting, text })),
    stale: staleFigures(world).map(({ subject, text }) => ({ pool: subject, place: world.pool(subject).place, text })),
  }
}
