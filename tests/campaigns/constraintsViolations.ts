import type { Invariant } from '../../src/db/integrity.js'
import { DAY_VIOLATIONS } from './constraintsOfDay.js'
import { DISPATCH_UNGUARDED, DISPATCH_VIOLATIONS } from './constraintsOfDispatch.js'
import { MATERIAL_UNGUARDED, MATERIAL_VIOLATIONS } from './constraintsOfMaterial.js'

/** The one write that a guard of the database forbids, and what the integrity view says when the guard is gone. */
export interface Violation {
  readonly write: string
  readonly rule: Invariant
  /** Another guard that refuses the write, where this one only holds that other up. */
  readonly refusedBy?: string
  /** Drops a guard that cannot but refuse the write too. */
  readonly behind?: string
  /** Writes that this guard forbids as well. */
  readonly also?: readonly string[]
}

const body = (table: string, change: string, where: string) => `update ${table} set body = body || '${change}' where ${where}`
/** A copy of a row under another id; columns that follow from the body are left out. */
const copy = (table: string, where: string, change = '{}') =>
  `insert into ${table} (id, version, body, effective_at, recorded_at, recorded_by)
   select 'copy', version, body || '${change}', effective_at, recorded_at, recorded_by from ${table} where ${where} limit 1`
const first = (table: string, where = 'true') => `id = (select id from ${table} where ${where} order by id limit 1)`
const run = (state: string, set: string) => `update plan_run set ${set} where state = '${state}'`
const account = (set: string, where: string) =>
  `update account set ${set} where (book, name) = (select book, name from account where ${where} order by book, name limit 1)`
const order = (table: string, set: string, where: string) => `update ${table} set ${set} where ${first(table, where)}`
const MISPLACED = `update stay set place = (select min(id) from place where id <> stay.place)
  where ${first('stay', 'pool is not null and ended_at is null')}`
const MISBLOCKED = `update pool set body = body || jsonb_build_object('block',
  (select min(id) from reserve_block b where b.place <> pool.place)) where ${first('pool', 'block is not null')}`
const history = (table: string) => [`delete from ${table}`, `truncate ${table}`]

/** By the name of the constraint, index or trigger; every one of the schema stands here. */
export const VIOLATIONS: Readonly<Record<string, Violation>> = {
  ...DISPATCH_VIOLATIONS,
  ...DAY_VIOLATIONS,
  ...MATERIAL_VIOLATIONS,
  // the ledger
  account_is_not_negative: { write: account('balance = -1', "name = 'unnamed' and counted"), rule: 'accountIsNotNegative' },
  account_held_is_covered: { write: account('held = balance + 1', "name = 'free' and counted"), rule: 'heldIsCovered' },
  account_uncounted_is_empty: { write: account('balance = held + 7', "name = 'free' and not counted"), rule: 'uncountedIsEmpty' },
  hold_is_positive: { write: order('hold', 'quantity = 0', "state = 'open'"), rule: 'holdIsPositive' },
  hold_state_is_known: { write: order('hold', "state = 'lost'", "state = 'voided'"), rule: 'holdStateIsKnown' },
  hold_is_resolved_once: { write: order('hold', 'resolved_at = null', "state = 'voided'"), rule: 'holdIsResolvedOnce' },
  hold_is_open_once: {
    write: `insert into hold (id, book, account, quantity, purpose, state, made_at, made_by)
      select 'copy', book, account, quantity, purpose, state, made_at, made_by from hold where state = 'open' limit 1`,
    rule: 'holdIsOpenOnce',
  },
  hold_account: { write: order('hold', "account = 'nowhere'", "state = 'voided'"), rule: 'holdHasItsAccount' },
  movement_is_positive: { write: moved('0', 'to_account'), rule: 'movementIsPositive' },
  movement_goes_elsewhere: { write: moved('quantity', 'from_account'), rule: 'movementGoesElsewhere' },
  movement_from_account: { write: moved('quantity', 'to_account', "'nowhere'"), rule: 'movementHasAccounts' },
  movement_to_account: { write: moved('quantity', "'nowhere'"), rule: 'movementHasAccounts' },
  movement_is_history: {
    write: 'update movement set quantity = quantity + 1 where id = (select min(id) from movement)',
    rule: 'balanceIsSum', also: history('movement'),
  },
  // records
  record_version_counts_from_one: {
    write: `insert into record_version select kind, id, 0, body, effective_at, recorded_at, recorded_by
      from record_version where version = 1 limit 1`,
    rule: 'versionsCountFromOne',
  },
  record_version_is_history: {
    write: `update record_version set body = body || '{"source":"somewhere else"}' where kind = 'pools' and version = 1
      and id not in (select id from record_version where kind = 'pools' and version > 1)`,
    rule: 'recordIsItsLastVersion', also: history('record_version'),
  },
  journal_is_history: {
    write: "update journal set actor = 'another-post' where action = 'beds.reported'",
    rule: 'writingIsInTheJournal', also: history('journal'),
  },
  service_clock_is_one: { write: 'insert into service_clock ("only", shift_milliseconds) values (false, 7)', rule: 'clockIsOne' },
  // what refers to what
  place_unit_reporting_unit_id_fk: { write: body('place', '{"unit":"nowhere"}', first('place')), rule: 'placeHasUnit' },
  pool_place_place_id_fk: {
    write: body('pool', '{"place":"nowhere"}', first('pool', 'block is null and id not in (select pool from stay where pool is not null)')),
    rule: 'poolHasPlace',
  },
  pool_block_at_place: { write: MISBLOCKED, rule: 'poolBlockIsOfItsPlace' },
  pool_at_place: { write: MISPLACED, rule: 'stayPoolIsOfItsPlace', refusedBy: 'stay_pool_at_place' },
  reserve_block_place_place_id_fk: {
    write: copy('reserve_block', 'true', '{"place":"nowhere"}'), rule: 'blockHasPlace',
  },
  reserve_block_at_place: { write: MISBLOCKED, rule: 'poolBlockIsOfItsPlace', refusedBy: 'pool_block_at_place' },
  reserve_block_opens_in_order: { write: copy('reserve_block', 'true'), rule: 'blocksOpenInOrder' },
  travel_stands_once: { write: copy('travel', 'true'), rule: 'journeyStandsOnce' },
  reporting_unit_code_stands_once: { write: copy('reporting_unit', 'gbt2260 is not null'), rule: 'unitCodeStandsOnce' },
  team_station_place_id_fk: { write: body('team', '{"station":"nowhere"}', first('team')), rule: 'teamHasStation' },
  care_case_unit_reporting_unit_id_fk: { write: body('care_case', '{"unit":"nowhere"}', first('care_case')), rule: 'caseHasUnit' },
  care_case_companion_care_case_id_fk: { write: body('care_case', '{"companion":"nobody"}', first('care_case')), rule: 'companionIsACase' },
  plan_settings_is_one: { write: copy('plan_settings', 'true'), rule: 'settingsAreOne' },
  // stays and beds
  pool_figures_are_counts: { write: body('pool', '{"physical":-3}', first('pool')), rule: 'poolFiguresAreCounts' },
  stay_never_overlaps: {
    write: `insert into stay (id, version, case_id, place, began_at, began_recorded_at, began_recorded_by)
      select 'copy', 1, case_id, place, began_at + interval '7 minutes', began_recorded_at, began_recorded_by
      from stay where ended_at is null limit 1`,
    rule: 'onePersonOnePlace',
  },
  stay_ends_after_it_began: {
    write: order('stay', "ended_at = began_at - interval '1 second'", "ending = 'discharged'"), rule: 'stayEndsAfterItBegan',
    // A span of time that runs backwards is none, so its index refuses it as well.
    behind: 'alter table stay drop constraint stay_never_overlaps',
  },
  stay_ends_as_a_whole: { write: order('stay', 'ending = null', "ending = 'discharged'"), rule: 'stayEndsAsAWhole' },
  stay_ending_is_known: { write: order('stay', "ending = 'vanished'", "ending = 'discharged'"), rule: 'stayEndingIsKnown' },
  stay_case_id_care_case_id_fk: { write: order('stay', "case_id = 'nobody'", 'ended_at is null'), rule: 'stayHasCaseAndPlace' },
  stay_place_place_id_fk: { write: order('stay', "place = 'nowhere'", 'pool is null'), rule: 'stayHasCaseAndPlace' },
  stay_pool_at_place: { write: MISPLACED, rule: 'stayPoolIsOfItsPlace' },
  // accounts and keys
  account_password_account_staff_account_id_fk: { write: "update account_password set account = 'nobody'", rule: 'passwordHasAccount' },
  invitation_account_staff_account_id_fk: { write: "update invitation set account = 'nobody'", rule: 'invitationHasAccount' },
  session_account_staff_account_id_fk: { write: "update session set account = 'nobody'", rule: 'sessionHasAccount' },
  known_device_account_staff_account_id_fk: { write: "update known_device set account = 'nobody'", rule: 'deviceHasAccount' },
  api_key_secret_api_key_api_key_id_fk: { write: "update api_key_secret set api_key = 'no key'", rule: 'secretHasKey' },
  session_ends_after_it_began: { write: 'update session set ends_at = began_at', rule: 'sessionEndsAfterItBegan' },
  api_key_secret_ends_after_it_was_made: { write: 'update api_key_secret set ends_at = made_at', rule: 'secretEndsAfterItWasMade' },
  staff_account_is_its_principal: { write: same('staff_account', 'api_key'), rule: 'principalIsOne' },
  api_key_is_its_principal: { write: same('api_key', 'staff_account'), rule: 'principalIsOne' },
  principal_is_of_one_kind: { write: same('api_key', 'staff_account'), rule: 'principalIsOne', refusedBy: 'api_key_is_its_principal' },
  principal_kind_is_known: { write: "insert into principal (id, kind) values ('ghost', 'ghost')", rule: 'principalIsOne' },
  staff_account_becomes_a_principal: {
    write: same('staff_account', 'api_key'), rule: 'principalIsOne', refusedBy: 'staff_account_is_its_principal',
    behind: 'alter table staff_account drop constraint staff_account_is_its_principal',
  },
  api_key_becomes_a_principal: {
    write: same('api_key', 'staff_account'), rule: 'principalIsOne', refusedBy: 'api_key_is_its_principal',
    behind: 'alter table api_key drop constraint api_key_is_its_principal',
  },
  // isolation
  contact_unit_reporting_unit_id_fk: { write: body('contact', '{"unit":"nowhere"}', first('contact')), rule: 'contactHasUnit' },
  contact_site_place_id_fk: { write: body('contact', '{"site":"nowhere"}', first('contact')), rule: 'contactSiteIsAPlace' },
  contact_case_care_case_id_fk: { write: body('contact', '{"case":"nobody"}', 'id = (select contact_id from isolation_stay where ending = \'released\')'), rule: 'contactBecomesACase' },
  contact_becomes_a_case_once: { write: copy('contact', '"case" is not null'), rule: 'caseWasOneContact' },
  contact_is_not_in_two_places: {
    write: `update contact set body = body || jsonb_build_object('case',
      (select min(case_id) from stay where ended_at is null and case_id not in (select "case" from contact where "case" is not null)))
      where id = (select contact_id from isolation_stay where ended_at is null)`,
    rule: 'notInIsolationAndInCare',
  },
  isolation_stay_is_not_in_care: {
    write: `insert into isolation_stay (id, version, contact_id, place, pool, began_at, began_recorded_at, began_recorded_by)
      select 'copy', 1, i.contact_id, i.place, i.pool, i.ended_at + interval '7 minutes', i.began_recorded_at, i.began_recorded_by
      from isolation_stay i where i.ending = 'positive'`,
    rule: 'notInIsolationAndInCare',
  },
  stay_is_not_in_isolation: {
    write: `insert into stay (id, version, case_id, place, pool, began_at, began_recorded_at, began_recorded_by, ended_at, ending, ended_recorded_at, ended_recorded_by)
      select 'copy', 1, c."case", i.place, i.pool, i.began_at, i.began_recorded_at, i.began_recorded_by,
        i.began_at + interval '7 minutes', 'left', i.began_recorded_at, i.began_recorded_by
      from isolation_stay i join contact c on c.id = i.contact_id where i.ending = 'positive'`,
    rule: 'notInIsolationAndInCare',
  },
  isolation_stay_never_overlaps: {
    write: `insert into isolation_stay (id, version, contact_id, place, pool, began_at, began_recorded_at, began_recorded_by)
      select 'copy', 1, contact_id, place, pool, began_at + interval '7 minutes', began_recorded_at, began_recorded_by
      from isolation_stay where ended_at is null`,
    rule: 'oneContactOneRoom',
  },
  isolation_stay_ends_after_it_began: {
    write: order('isolation_stay', "ended_at = began_at - interval '1 second'", "ending = 'released'"), rule: 'isolationEndsAfterItBegan',
    behind: 'alter table isolation_stay drop constraint isolation_stay_never_overlaps',
  },
  isolation_stay_ends_as_a_whole: { write: order('isolation_stay', 'ending = null', "ending = 'released'"), rule: 'isolationEndsAsAWhole' },
  isolation_stay_ending_is_known: { write: order('isolation_stay', "ending = 'vanished'", "ending = 'released'"), rule: 'isolationEndingIsKnown' },
  isolation_stay_contact_id_contact_id_fk: { write: order('isolation_stay', "contact_id = 'nobody'", 'ended_at is null'), rule: 'isolationHasItsContact' },
  isolation_stay_pool_at_place: {
    write: `update isolation_stay set place = (select min(id) from place where id <> isolation_stay.place) where ended_at is null`, rule: 'isolationHasItsRoom',
  },
  observation_contact_id_contact_id_fk: { write: "update observation set contact_id = 'nobody'", rule: 'observationHasItsContact' },
  observation_half_is_known: { write: "update observation set half = 'night'", rule: 'observationHalfIsKnown' },
  observation_says_something: { write: 'update observation set temperature_tenths = null', rule: 'observationSaysSomething', also: ['update observation set temperature_tenths = 431'] },
  // what the store is for
  store_mark_is_one: { write: 'insert into store_mark ("only", is_drill, marked_at) values (false, false, now())', rule: 'storeIsMarkedOnce' },
  store_mark_comes_first: {
    write: 'insert into store_mark (is_drill, marked_at) values (true, now())', rule: 'drillBeganEmpty',
    behind: 'do $$ begin drop trigger store_mark_is_for_ever on store_mark; delete from store_mark; end $$',
  },
  store_mark_is_for_ever: { write: 'update store_mark set is_drill = not is_drill', rule: 'markIsAsBegun', also: history('store_mark') },
  // plans
  plan_run_state_is_known: { write: run('cancelled', "state = 'lost'"), rule: 'runStateIsKnown' },
  plan_run_done_has_its_plan: { write: run('done', 'plan = null'), rule: 'doneRunHasItsPlan' },
  plan_run_plan_has_its_snapshot: { write: run('done', 'exit = 1'), rule: 'planHasItsSnapshot' },
  plan_run_failed_says_why: { write: run('failed', 'reasons = null'), rule: 'failedRunSaysWhy' },
  plan_run_running_is_leased: { write: run('cancelled', 'lease_until = finished_at'), rule: 'runningRunIsLeased' },
  plan_run_ends_once: { write: run('cancelled', 'finished_at = null'), rule: 'runEndsOnce' },
  plan_run_based_on_plan_run_id_fk: { write: run('cancelled', `request = request || '{"basedOn":"no run"}'`), rule: 'runIsBasedOnARun' },
  plan_run_event_counts_from_one: {
    write: `insert into plan_run_event (run, seq, at, kind, data) select run, 0, at, kind, data from plan_run_event where seq = 1 limit 1`,
    rule: 'runHasItsEvents',
  },
  plan_run_event_run_plan_run_id_fk: {
    write: `insert into plan_run_event (run, seq, at, kind, data) select 'no run', 1, at, kind, data from plan_run_event where seq = 1 limit 1`,
    rule: 'eventHasItsRun',
  },
  plan_run_event_is_history: {
    write: 'delete from plan_run_event where seq = 1', rule: 'runHasItsEvents',
    also: ["update plan_run_event set kind = 'done'", 'truncate plan_run_event'],
  },
}

/** Writes that no single guard can forbid; only the view notices them. */
export const UNGUARDED: readonly { readonly write: string; readonly rule: Invariant }[] = [
  { write: account('balance = balance + 7', "name = 'unnamed' and counted"), rule: 'bookSumsToNought' },
  { write: account('held = held + 1', "name = 'free' and balance > held"), rule: 'heldIsSumOfHolds' },
  { write: order('stay', 'pool = null', 'pool is not null and ended_at is null'), rule: 'namedLieThere' },
  { write: body('pool', '{"staffed":7003}', first('pool', 'staffed is not null and occupied is not null')), rule: 'bookShowsTheFigures' },
  {
    write: `insert into place (id, version, body, effective_at, recorded_at, recorded_by)
      select u.id, p.version, p.body, p.effective_at, p.recorded_at, p.recorded_by from place p, reporting_unit u limit 1`,
    rule: 'idMeansOneThing',
  },
  {
    write: `insert into record_version (kind, id, version, body, effective_at, recorded_at, recorded_by)
      select kind, id, version + 1, body, effective_at, recorded_at - interval '1 second', recorded_by from record_version where kind = 'teams' limit 1`,
    rule: 'recordedInOrder',
  },
  { write: body('contact', '{"edition":null}', 'id = (select contact_id from isolation_stay where ended_at is null)'), rule: 'isolationHasItsEdition' },
  { write: body('contact', '{"withdrawn":true}', 'id = (select contact_id from isolation_stay where ended_at is null)'), rule: 'releasedIsOut' },
  { write: run('done', "plan = plan || ' '"), rule: 'hashesAreOfTheBytes' },
  { write: 'update idempotency_key set body = null', rule: 'keptRequestHasItsAnswer' },
  ...DISPATCH_UNGUARDED,
  ...MATERIAL_UNGUARDED,
]

/** A row of a table with the id that one of another table has. */
function same(table: string, other: string): string {
  return `insert into ${table} (id, version, body, effective_at, recorded_at, recorded_by)
    select id, version, body, effective_at, recorded_at, recorded_by from ${other} limit 1`
}

/** One more movement like the first, with another quantity, taker or giver. */
function moved(quantity: string, to: string, from = 'from_account'): string {
  return `insert into movement (book, from_account, to_account, quantity, reason, subject, effective_at, recorded_at, recorded_by)
    select book, ${from}, ${to}, ${quantity}, reason, subject, effective_at, recorded_at, recorded_by from movement order by id limit 1`
}
