-- What tables cannot say of dispatch: events are never edited; and what has to hold in its room.
create trigger order_event_is_history before update or delete or truncate on order_event
  for each statement execute function refuse_change();
--> statement-breakpoint
create view present_record as
  select 'units' as kind, id, version, body from reporting_unit
  union all select 'places', id, version, body from place
  union all select 'pools', id, version, body from pool
  union all select 'blocks', id, version, body from reserve_block
  union all select 'teams', id, version, body from team
  union all select 'vehicles', id, version, body from vehicle
  union all select 'travel', id, version, body from travel
  union all select 'cases', id, version, body from care_case
  union all select 'intake', id, version, body from intake
  union all select 'settings', id, version, body from plan_settings
  union all select 'accounts', id, version, body from staff_account
  union all select 'apiKeys', id, version, body from api_key
  union all select 'contacts', id, version, body from contact;
--> statement-breakpoint
-- The rooms up to planning. Orders and the last plan were records once; their versions stay in the history.
create view integrity_store as
  -- the ledger
  select 'balanceIsSum' as rule, a.book || ' ' || a.name as subject,
    a.balance::text as found, coalesce(m.sum, 0)::text as expected
  from account a left join (
    select book, name, sum(quantity) as sum from (
      select book, to_account as name, quantity from movement union all select book, from_account, -quantity from movement
    ) moved group by book, name
  ) m on m.book = a.book and m.name = a.name
  where a.balance <> coalesce(m.sum, 0)
  union all select 'bookSumsToNought', book, sum(balance)::text, '0' from account group by book having sum(balance) <> 0
  union all select 'accountIsNotNegative', book || ' ' || name, balance::text, '>= 0' from account where balance < 0 and not may_owe
  union all select 'heldIsCovered', book || ' ' || name, held::text, '<= ' || balance from account where held < 0 or (held > 0 and held > balance)
  union all select 'uncountedIsEmpty', book || ' ' || name, balance::text, held::text from account where not counted and balance <> held
  union all select 'heldIsSumOfHolds', a.book || ' ' || a.name, a.held::text, coalesce(h.sum, 0)::text
  from account a left join (select book, account, sum(quantity) as sum from hold where state = 'open' group by book, account) h
    on h.book = a.book and h.account = a.name
  where a.held <> coalesce(h.sum, 0)
  union all select 'movementIsPositive', id::text, quantity::text, '> 0' from movement where quantity <= 0
  union all select 'movementGoesElsewhere', id::text, from_account, 'another account' from movement where from_account = to_account
  union all select 'movementHasAccounts', m.id::text, m.book || ' ' || m.from_account || ' ' || m.to_account, 'two accounts of the book'
  from movement m where not exists (select from account a where a.book = m.book and a.name = m.from_account)
    or not exists (select from account a where a.book = m.book and a.name = m.to_account)
  union all select 'holdHasItsAccount', h.id, h.book || ' ' || h.account, 'an account of the book' from hold h
  where not exists (select from account a where a.book = h.book and a.name = h.account)
  union all select 'holdIsPositive', id, quantity::text, '> 0' from hold where quantity <= 0
  union all select 'holdStateIsKnown', id, state, 'open, settled, voided, expired' from hold where state not in ('open', 'settled', 'voided', 'expired')
  union all select 'holdIsResolvedOnce', id, state, 'resolved_at unless open' from hold where (state = 'open') <> (resolved_at is null)
  union all select 'holdIsOpenOnce', book || ' ' || account || ' ' || purpose, count(*)::text, '1'
  from hold where state = 'open' group by book, account, purpose having count(*) > 1
  -- records and their history
  union all select 'recordIsItsLastVersion', coalesce(p.kind, v.kind) || ' ' || coalesce(p.id, v.id), coalesce(p.version, 0)::text, coalesce(v.version, 0)::text
  from present_record p full join (
    select distinct on (kind, id) kind, id, version, body from record_version
    where kind not in ('orders', 'lastPlan') order by kind, id, version desc
  ) v on v.kind = p.kind and v.id = p.id
  where p.version is distinct from v.version or p.body is distinct from v.body
  union all select 'versionsCountFromOne', kind || ' ' || id, min(version) || ' to ' || max(version), '1 to ' || count(*)
  from record_version group by kind, id having min(version) <> 1 or max(version) <> count(*)
  union all select 'writingIsInTheJournal', w.subject, w.by || ' ' || w.at, 'a line of the journal by the same post at the same moment' from (
    select kind || ' ' || id || ' ' || version as subject, recorded_at as at, recorded_by as by from record_version
    union all select 'stays ' || id, began_recorded_at, began_recorded_by from stay
    union all select 'stays ' || id, ended_recorded_at, ended_recorded_by from stay where ended_at is not null
    union all select 'isolation ' || id, began_recorded_at, began_recorded_by from isolation_stay
    union all select 'isolation ' || id, ended_recorded_at, ended_recorded_by from isolation_stay where ended_at is not null
    union all select 'observations ' || contact_id || ' ' || day || ' ' || half, recorded_at, recorded_by from observation
  ) w where not exists (select from journal j where j.at = w.at and j.actor = w.by)
  -- references, and what stands once
  union all select 'placeHasUnit', id, unit, 'a reporting unit' from place p where not exists (select from reporting_unit u where u.id = p.unit)
  union all select 'blockHasPlace', id, b.place, 'a place' from reserve_block b where not exists (select from place p where p.id = b.place)
  union all select 'poolHasPlace', id, l.place, 'a place' from pool l where not exists (select from place p where p.id = l.place)
  union all select 'poolBlockIsOfItsPlace', id, block, 'a block of ' || l.place from pool l
  where block is not null and not exists (select from reserve_block b where b.id = l.block and b.place = l.place)
  union all select 'teamHasStation', id, station, 'a place' from team t where not exists (select from place p where p.id = t.station)
  union all select 'caseHasUnit', id, unit, 'a reporting unit' from care_case c where not exists (select from reporting_unit u where u.id = c.unit)
  union all select 'companionIsACase', id, companion, 'a case' from care_case c
  where companion is not null and not exists (select from care_case o where o.id = c.companion)
  union all select 'unitCodeStandsOnce', gbt2260, count(*)::text, '1' from reporting_unit where gbt2260 is not null group by gbt2260 having count(*) > 1
  union all select 'blocksOpenInOrder', b.place || ' ' || sequence, count(*)::text, '1' from reserve_block b group by b.place, sequence having count(*) > 1
  -- stays and beds
  union all select 'onePersonOnePlace', a.case_id, a.id || ' ' || b.id, 'one stay at a time' from stay a join stay b
    on a.case_id = b.case_id and a.id < b.id
    and a.began_at < coalesce(b.ended_at, 'infinity') and b.began_at < coalesce(a.ended_at, 'infinity')
    and a.began_at < coalesce(a.ended_at, 'infinity') and b.began_at < coalesce(b.ended_at, 'infinity')
  union all select 'stayEndsAfterItBegan', id, ended_at::text, '>= ' || began_at from stay where ended_at < began_at
  union all select 'stayEndsAsAWhole', id, coalesce(ending, 'null'), 'time, ending and record together' from stay
  where (ended_at is null) <> (ending is null) or (ended_at is null) <> (ended_recorded_at is null)
  union all select 'stayEndingIsKnown', id, ending, 'moved, discharged, died, left' from stay where ending not in ('moved', 'discharged', 'died', 'left')
  union all select 'stayPoolIsOfItsPlace', id, s.pool, 'a pool of ' || s.place from stay s
  where s.pool is not null and not exists (select from pool p where p.id = s.pool and p.place = s.place)
  union all select 'stayHasCaseAndPlace', id, case_id || ' ' || s.place, 'a case and a place' from stay s
  where not exists (select from care_case c where c.id = s.case_id) or not exists (select from place p where p.id = s.place)
  union all select 'poolFiguresAreCounts', id, concat_ws(' ', physical, staffed, occupied), '>= 0' from pool where physical < 0 or staffed < 0 or occupied < 0
  union all select 'namedLieThere', p.id, coalesce(a.balance, -1)::text, coalesce(s.count, 0)::text
  from pool p left join account a on a.book = p.id and a.name = 'named'
    left join (
      select l.pool, count(*) as count from (
        select s.pool from stay s where s.ended_at is null and s.pool is not null
        union all select i.pool from isolation_stay i where i.ended_at is null
      ) l group by l.pool
    ) s on s.pool = p.id
  where coalesce(a.balance, -1) <> coalesce(s.count, 0)
  union all select 'bookShowsTheFigures', p.id,
    'occupied ' || sum(a.balance) filter (where a.name in ('named', 'unnamed')) || ', staffed ' || sum(a.balance) filter (where a.name in ('named', 'unnamed', 'free', 'overfull')),
    'occupied ' || coalesce(p.occupied::text, 'unknown') || ', staffed ' || coalesce(p.staffed::text, 'unknown')
  from pool p join account a on a.book = p.id group by p.id, p.occupied, p.staffed
  having sum(a.balance) filter (where a.name in ('named', 'unnamed')) <>
      greatest(p.occupied, sum(a.balance) filter (where a.name = 'named'))
    or (p.occupied is not null and sum(a.balance) filter (where a.name in ('named', 'unnamed', 'free', 'overfull')) <> p.staffed)
    or bool_or(a.counted) filter (where a.name = 'free') <> (p.staffed is not null and p.occupied is not null)
    or bool_or(a.balance > 0) filter (where a.name = 'overfull')
    or bool_or(a.may_owe) filter (where a.name not in ('outside', 'overfull'))
  -- plans
  union all select 'runStateIsKnown', id, state, 'queued, running, done, failed, cancelled' from plan_run where state not in ('queued', 'running', 'done', 'failed', 'cancelled')
  union all select 'doneRunHasItsPlan', id, state, 'a plan when done' from plan_run where (state = 'done') <> (plan is not null)
  union all select 'planHasItsSnapshot', id, state, 'snapshot, hash and exit beside the plan' from plan_run
  where plan is not null and (snapshot is null or plan_hash is null or exit is null or exit not in (0, 3, 4))
  union all select 'failedRunSaysWhy', id, state, 'reasons when failed' from plan_run where (state = 'failed') <> (reasons is not null)
  union all select 'runningRunIsLeased', id, state, 'a lease when running' from plan_run where (state = 'running') <> (lease_until is not null)
  union all select 'runEndsOnce', id, state, 'finished_at when over' from plan_run where (state in ('queued', 'running')) <> (finished_at is null)
  union all select 'hashesAreOfTheBytes', id, coalesce(plan_hash, snapshot_hash), 'SHA-256 of the bytes kept' from plan_run
  where plan_hash <> encode(sha256(convert_to(plan, 'UTF8')), 'hex') or snapshot_hash <> encode(sha256(convert_to(snapshot, 'UTF8')), 'hex')
  union all select 'runHasItsEvents', r.id, coalesce(e.events, 0)::text, r.version::text
  from plan_run r left join (select run, count(*) as events, max(seq) as last, min(seq) as first from plan_run_event group by run) e on e.run = r.id
  where e.events is distinct from r.version or e.last is distinct from r.version or e.first is distinct from 1
  union all select 'eventHasItsRun', e.run || ' ' || e.seq, e.kind, 'a run' from plan_run_event e where not exists (select from plan_run r where r.id = e.run)
  union all select 'settingsAreOne', id, 'plan_settings', 'city' from plan_settings where id <> 'city'
  union all select 'clockIsOne', "only"::text, count(*)::text, '1' from service_clock group by "only" having not "only"
  -- requests
  union all select 'keptRequestHasItsAnswer', actor || ' ' || key, 'none', 'status and body' from idempotency_key where status is null or body is null;
--> statement-breakpoint
create view integrity_dispatch as
  with live as (select * from transfer_order where state in ('issued', 'accepted', 'reliefAsked', 'dispatched'))
  -- plans
  select 'planStateIsKnown' as rule, id as subject, state as found, 'approved, superseded, withdrawn' as expected
  from issued_plan where state not in ('approved', 'superseded', 'withdrawn')
  union all select 'planIsApprovedByAnother', id, approved_by || ' ' || coalesce(confirmed_by, ''), 'somebody else than ' || maker
  from issued_plan where maker in (approved_by, confirmed_by)
  union all select 'planNamesItsMaker', i.id, i.maker, r.requested_by from issued_plan i join plan_run r on r.id = i.run where i.maker is distinct from r.requested_by
  union all select 'planEndsAsAWhole', id, state, 'time and post of its end together' from issued_plan
  where (state = 'approved') <> (ended_at is null) or (ended_at is null) <> (ended_by is null)
  union all select 'planIsConfirmedAfterACall', id, confirmed_by, 'a call, then time and post together' from issued_plan
  where (confirmed_at is null) <> (confirmed_by is null) or (confirmed_at is not null and phone is null)
  union all select 'onePlanInForce', 'issued_plan', count(*)::text, '1' from issued_plan where state = 'approved' having count(*) > 1
  union all select 'oneApprovalARun', run, count(*)::text, '1' from issued_plan where run is not null group by run having count(*) > 1
  union all select 'approvalHasItsRun', i.id, i.run, 'a run' from issued_plan i where i.run is not null and not exists (select from plan_run r where r.id = i.run)
  union all select 'lineHasItsPlan', l.plan || ' ' || l.patient, l.plan, 'an issued plan' from plan_line l where not exists (select from issued_plan i where i.id = l.plan)
  union all select 'deskIsOne', "only"::text, count(*)::text, '1' from dispatch_desk group by "only" having not "only"
  -- orders
  union all select 'orderStateIsKnown', id, state, 'a known state' from transfer_order where state not in
    ('issued', 'accepted', 'reliefAsked', 'dispatched', 'arrived', 'closed', 'relieved', 'cancelled', 'unwilling', 'expired', 'died')
  union all select 'orderIsOneAPerson', patient, count(*)::text, '1' from live group by patient having count(*) > 1
  union all select 'orderHasPatientAndPool', o.id, o.patient || ' ' || o.from_place || ' ' || o.pool, 'a case, a place and a pool' from transfer_order o
  where not exists (select from care_case c where c.id = o.patient) or not exists (select from place p where p.id = o.from_place)
    or not exists (select from pool p where p.id = o.pool and p.place = o.to_place)
  union all select 'orderHasItsPlan', o.id, o.plan, 'an issued plan' from transfer_order o
  where o.plan is not null and not exists (select from issued_plan i where i.id = o.plan)
  union all select 'orderOnTheRoadHasNoDeadline', id, deadline::text, 'none' from transfer_order where state = 'dispatched' and deadline is not null
  union all select 'orderIsHandedOver', id, state, 'a handover once arrived' from transfer_order where (state in ('arrived', 'closed')) <> (handover is not null)
  union all select 'liveOrderHasItsHold', o.id, count(h.id)::text, '1 open hold at ' || o.pool
  from live o left join hold h on h.purpose = o.id and h.book = o.pool and h.account = 'free' and h.state = 'open'
  group by o.id, o.pool having count(h.id) <> 1
  union all select 'onlyLiveOrdersHoldBeds', h.id, h.purpose || ' at ' || h.book, 'a live order that leads there'
  from hold h join transfer_order t on t.id = h.purpose where h.state = 'open' and not exists (select from live o where o.id = h.purpose and o.pool = h.book)
  union all select 'arrivalSettlesTheHold', o.id, count(h.id)::text, '1 settled hold'
  from transfer_order o left join hold h on h.purpose = o.id and h.state = 'settled'
  group by o.id, o.state having count(h.id) <> (case when o.state in ('arrived', 'closed') then 1 else 0 end)
  union all select 'orderHasItsEvents', o.id, o.state || ' ' || coalesce(e.events, 0) || ' ' || coalesce(l.state, 'none'), o.state || ' ' || o.version || ' ' || o.state
  from transfer_order o left join (select order_id, count(*) as events, min(seq) as first, max(seq) as last from order_event group by order_id) e on e.order_id = o.id
    left join order_event l on l.order_id = o.id and l.seq = o.version
  where e.events is distinct from o.version or e.first is distinct from 1 or e.last is distinct from o.version
    or l.state is distinct from o.state or l.pool is distinct from o.pool
  union all select 'stepHasItsOrder', e.order_id || ' ' || e.seq, e.step, 'an order' from order_event e where not exists (select from transfer_order o where o.id = e.order_id)
  union all select 'writingIsInTheJournal', 'order_event ' || e.order_id || ' ' || e.seq, e.recorded_by || ' ' || e.recorded_at, 'a line of the journal by the same post at the same moment'
  from order_event e where not exists (select from journal j where j.at = e.recorded_at and j.actor = e.recorded_by)
  -- reliefs
  union all select 'reliefIsPositive', order_id, beds::text, '> 0' from relief where beds <= 0
  union all select 'reliefIsLiftedAsAWhole', order_id, coalesce(lifted_by, 'null'), 'time and post together' from relief where (lifted_at is null) <> (lifted_by is null)
  union all select 'reliefHasItsOrder', r.order_id, r.pool, 'an order and a pool' from relief r
  where not exists (select from transfer_order o where o.id = r.order_id) or not exists (select from pool p where p.id = r.pool)
  union all select 'reliefHoldsItsBeds', r.order_id, coalesce(sum(h.quantity), 0)::text, (case when r.lifted_at is null then r.beds else 0 end)::text
  from relief r left join hold h on h.purpose = 'relief/' || r.order_id and h.state = 'open'
  group by r.order_id, r.beds, r.lifted_at having coalesce(sum(h.quantity), 0) <> (case when r.lifted_at is null then r.beds else 0 end);
--> statement-breakpoint
-- One row a broken invariant, none when the store is healthy. The names of the rules stand in src/db/integrity.ts.
create view integrity as
  select * from integrity_store union all select * from integrity_access union all select * from integrity_picture
  union all select * from integrity_isolation union all select * from integrity_dispatch;
