import type { Order, OrderNow, Plan, Relief, Run, Stay, Step, Version } from './modelState.js'
import { type Fields, MINUTE, written, writtenOrNull } from './modelWords.js'

export const recordOut = ({ id, version, body, effectiveAt, recordedAt, recordedBy }: Version): Fields => ({
  id, version, effectiveAt: written(effectiveAt), recordedAt: written(recordedAt), recordedBy, ...body,
})

const spanOf = ({ began, beganRecorded, beganBy, end }: Stay): Fields => ({
  version: end === null ? 1 : 2, beganAt: written(began), beganRecordedAt: written(beganRecorded), beganRecordedBy: beganBy,
  endedAt: writtenOrNull(end?.at), ending: end?.how ?? null, endedRecordedAt: writtenOrNull(end?.recorded), endedRecordedBy: end?.by ?? null,
})
export const stayOut = (stay: Stay): Fields => ({ id: stay.id, case: stay.person, place: stay.place, pool: stay.pool, ...spanOf(stay) })
/** Without its id, which only the service knows. */
export const roomOut = (stay: Stay): Fields => ({ contact: stay.person, place: stay.place, pool: stay.pool, ...spanOf(stay) })

const RUN_DEFAULTS = { asOf: null, planDay: null, policy: {}, require: null, engine: 'highs', seconds: 60, secondOpinion: true, edits: [], basedOn: null, wayOut: null }
export const requestOf = (request: Fields): Fields => ({ ...RUN_DEFAULTS, ...request })

/** A run that nobody has computed is known to the letter; of one that was, not how long it took and what it said meanwhile. */
export function runOut({ id, request, by, at, cancelled, computed, draft }: Run): Fields {
  const asked = { id, request: requestOf(request), requestedAt: written(at), requestedBy: by, restsOn: [] }
  if (computed === null) {
    return {
      ...asked, version: cancelled === null ? 1 : 2, state: cancelled === null ? 'queued' : 'cancelled', startedAt: null, finishedAt: writtenOrNull(cancelled),
      progress: { done: 0, of: 0, title: null }, exit: null, snapshotHash: null, planHash: null, milliseconds: null, reasons: null,
    }
  }
  const { at: then, version } = computed
  return { ...asked, version, state: draft === null ? 'failed' : 'done', startedAt: written(then), finishedAt: written(then), exit: draft?.exit ?? null }
}
/** Of a run as it is read, what the model does not know of one that was computed. */
export const knownOf = ({ progress: _p, milliseconds: _m, snapshotHash: _s, planHash: _h, reasons: _r, ...run }: Fields): Fields => run

export const planOut = ({ id, version, state, maker, approved, phone, confirmed, note, struck, opened, ended }: Plan, orders: readonly string[]): Fields => ({
  run: id, version, state: state === 'approved' && phone !== null && confirmed === null ? 'approvedByPhone' : state, maker,
  approvedAt: written(approved.at), approvedBy: approved.by, phone, confirmedAt: writtenOrNull(confirmed?.at), confirmedBy: confirmed?.by ?? null,
  note, struck, opened, endedAt: writtenOrNull(ended?.at), endedBy: ended?.by ?? null, orders,
})

/** `now`: as it is to be seen; `possible`: the steps that whoever reads it could take. */
export const orderOut = (order: Order, now: OrderNow, version: number, possible: readonly string[]): Fields => ({
  id: order.id, version, state: now.state, possible, patient: order.patient, severity: order.severity, fromPlace: order.fromPlace, fromPool: order.fromPool,
  toPlace: now.toPlace, pool: now.pool, plan: order.plan, reason: order.reason, phone: order.phone,
  confirmedAt: writtenOrNull(now.confirmed?.at), confirmedBy: now.confirmed?.by ?? null, trip: order.trip, vehicle: now.vehicle, crew: now.crew,
  travelMinutes: now.travelMinutes, leavesBase: writtenOrNull(now.leavesBase), departs: writtenOrNull(now.departs), arrives: writtenOrNull(now.arrives),
  returns: writtenOrNull(now.returns), answerBy: writtenOrNull(now.answerBy), deadline: writtenOrNull(now.deadline),
  requestedAt: writtenOrNull(order.requestedAt), issuedAt: written(order.issued.at), issuedBy: order.issued.by,
  dispatchedAt: writtenOrNull(now.dispatchedAt), arrivedAt: writtenOrNull(now.arrivedAt), handover: now.handover,
})

export const stepOut = ({ step, at, recorded, by, note, details, left }: Step, index: number): Fields => ({
  seq: index + 1, step, state: left.state, at: written(at), recordedAt: written(recorded), recordedBy: by, pool: left.pool, outside: null, vehicle: left.vehicle, note, details,
})

export const reliefOut = ({ order, pool, beds, reason, since, by, lifted }: Relief, now: number): Fields => ({
  order, pool, beds, reason, since: written(since), upheldBy: by, liftedAt: writtenOrNull(lifted?.at), liftedBy: lifted?.by ?? null,
  stoodMinutes: Math.floor(((lifted?.at ?? now) - since) / MINUTE),
})
