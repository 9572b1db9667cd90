import type { Violation } from './constraintsViolations.js'

const first = (table: string, where: string, id = 'id') => `${id} = (select ${id} from ${table} where ${where} order by ${id} limit 1)`
const set = (table: string, what: string, where: string, id = 'id') => `update ${table} set ${what} where ${first(table, where, id)}`
/** One more plan like the one that a run led to. */
const plan = (run: string, state: string, ended: string) => `insert into issued_plan
  (id, run, version, state, maker, approved_at, recorded_at, approved_by, struck, opened, ended_at, ended_by)
  select 'copy', ${run}, version, '${state}', maker, approved_at, recorded_at, approved_by, struck, opened, ${ended} from issued_plan where run is not null limit 1`
const event = (order: string, seq: string) => `insert into order_event (order_id, seq, step, state, at, recorded_at, recorded_by, pool, details)
  select ${order}, ${seq}, step, state, at, recorded_at, recorded_by, pool, details from order_event where seq = 1 limit 1`
const ISSUED = "state = 'issued' and plan is not null"
const LAST_PATIENT = `(select max(patient) from transfer_order where ${ISSUED})`

/** Guards of dispatch, by name: what each forbids. */
export const DISPATCH_VIOLATIONS: Readonly<Record<string, Violation>> = {
  dispatch_desk_is_one: { write: 'insert into dispatch_desk ("only") values (false)', rule: 'deskIsOne' },
  issued_plan_run_plan_run_id_fk: { write: set('issued_plan', "run = 'no run'", 'run is not null'), rule: 'approvalHasItsRun' },
  issued_plan_is_one_a_run: { write: plan('run', 'superseded', "approved_at, 'somebody'"), rule: 'oneApprovalARun' },
  issued_plan_is_one_in_force: { write: plan('null', 'approved', 'null, null'), rule: 'onePlanInForce' },
  issued_plan_state_is_known: { write: set('issued_plan', "state = 'lost', ended_at = approved_at, ended_by = 'somebody'", 'run is not null'), rule: 'planStateIsKnown' },
  issued_plan_is_approved_by_another: { write: set('issued_plan', 'approved_by = maker', 'run is not null'), rule: 'planIsApprovedByAnother' },
  issued_plan_ends_as_a_whole: { write: set('issued_plan', 'ended_at = approved_at', 'run is not null'), rule: 'planEndsAsAWhole' },
  issued_plan_is_confirmed_after_a_call: { write: set('issued_plan', 'phone = null', 'confirmed_at is not null'), rule: 'planIsConfirmedAfterACall' },
  plan_line_plan_issued_plan_id_fk: { write: "update plan_line set plan = 'none' where patient = (select min(patient) from plan_line)", rule: 'lineHasItsPlan' },
  transfer_order_is_one_a_person: {
    write: set('transfer_order', `patient = ${LAST_PATIENT}`, `${ISSUED} and patient <> ${LAST_PATIENT}`), rule: 'orderIsOneAPerson',
  },
  transfer_order_patient_care_case_id_fk: { write: set('transfer_order', "patient = 'nobody'", ISSUED), rule: 'orderHasPatientAndPool' },
  transfer_order_from_place_place_id_fk: { write: set('transfer_order', "from_place = 'nowhere'", ISSUED), rule: 'orderHasPatientAndPool' },
  transfer_order_pool_at_place: { write: set('transfer_order', 'to_place = from_place', ISSUED), rule: 'orderHasPatientAndPool' },
  transfer_order_leads_to_one_place: { write: set('transfer_order', "outside = 'Chengdu'", ISSUED), rule: 'orderLeadsToOnePlace' },
  transfer_order_plan_issued_plan_id_fk: { write: set('transfer_order', "plan = 'none'", ISSUED), rule: 'orderHasItsPlan' },
  transfer_order_state_is_known: { write: set('transfer_order', "state = 'lost'", "state = 'cancelled'"), rule: 'orderStateIsKnown' },
  transfer_order_on_the_road_has_no_deadline: { write: set('transfer_order', 'deadline = issued_at', "state = 'dispatched'"), rule: 'orderOnTheRoadHasNoDeadline' },
  transfer_order_is_handed_over: { write: set('transfer_order', 'handover = null', "state = 'arrived'"), rule: 'orderIsHandedOver' },
  order_event_order_id_transfer_order_id_fk: { write: event("'none'", '1'), rule: 'stepHasItsOrder' },
  order_event_counts_from_one: { write: event('order_id', '0'), rule: 'orderHasItsEvents' },
  order_event_is_history: {
    write: 'delete from order_event where seq = 1', rule: 'orderHasItsEvents', also: ["update order_event set note = 'else'", 'truncate order_event'],
  },
  relief_order_id_transfer_order_id_fk: { write: set('relief', "order_id = 'none'", 'lifted_at is null', 'order_id'), rule: 'reliefHasItsOrder' },
  relief_pool_pool_id_fk: { write: set('relief', "pool = 'nowhere'", 'lifted_at is null', 'order_id'), rule: 'reliefHasItsOrder' },
  relief_is_positive: { write: set('relief', 'beds = 0', 'lifted_at is null', 'order_id'), rule: 'reliefIsPositive' },
  relief_is_lifted_as_a_whole: { write: set('relief', 'lifted_by = null', 'lifted_at is not null', 'order_id'), rule: 'reliefIsLiftedAsAWhole' },
}

/** What only the view notices of dispatch. */
export const DISPATCH_UNGUARDED: readonly Pick<Violation, 'write' | 'rule'>[] = [
  {
    write: `insert into order_event (order_id, seq, step, state, at, recorded_at, recorded_by, pool, details)
      select order_id, seq + 1, step, state, at, recorded_at - interval '1 ms', recorded_by, pool, details from order_event where order_id = (select min(id) from transfer_order where ${ISSUED})`,
    rule: 'recordedInOrder',
  },
  { write: set('issued_plan', "maker = 'somebody else'", 'run is not null'), rule: 'planNamesItsMaker' },
  { write: set('issued_plan', "confirmed_by = 'draft-desk'", 'confirmed_at is not null'), rule: 'planIsApprovedByNoMaker' },
  { write: `update hold set state = 'voided', resolved_at = made_at where purpose = (select min(id) from transfer_order where ${ISSUED})`, rule: 'liveOrderHasItsHold' },
  { write: set('transfer_order', "state = 'cancelled'", ISSUED), rule: 'onlyLiveOrdersHoldBeds' },
  { write: "update hold set state = 'voided' where state = 'settled'", rule: 'arrivalSettlesTheHold' },
  { write: "update stay set ending = 'discharged' where ending = 'left'", rule: 'leavingEndsTheStay' },
  {
    write: `insert into transfer_order (id, version, state, patient, severity, from_place, to_place, pool, issued_at, issued_by)
      select '演练-1', version, state, patient, severity, from_place, to_place, pool, issued_at, issued_by from transfer_order where state = 'cancelled' limit 1`,
    rule: 'numberSaysWhatItIsFor',
  },
  { write: set('relief', 'beds = beds + 1', 'lifted_at is null', 'order_id'), rule: 'reliefHoldsItsBeds' },
]
