ALTER TABLE "transfer_order" DROP CONSTRAINT "transfer_order_state_is_known";--> statement-breakpoint
ALTER TABLE "transfer_order" ADD CONSTRAINT "transfer_order_state_is_known" CHECK ("transfer_order"."state" in
    ('issued', 'accepted', 'reliefAsked', 'dispatched', 'arrived', 'closed', 'relieved', 'cancelled', 'unwilling', 'expired', 'died', 'returned'));
--> statement-breakpoint
-- Whoever cannot be brought where the order leads turns back: one state more.
create or replace view integrity_dispatch as
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
    ('issued', 'accepted', 'reliefAsked', 'dispatched', 'arrived', 'closed', 'relieved', 'cancelled', 'unwilling', 'expired', 'died', 'returned')
  union all select 'orderIsOneAPerson', patient, count(*)::text, '1' from live group by patient having count(*) > 1
  union all select 'orderHasPatientAndPool', o.id, concat_ws(' ', o.patient, o.from_place, o.to_place, o.pool), 'a case, a place and a pool' from transfer_order o
  where not exists (select from care_case c where c.id = o.patient) or not exists (select from place p where p.id = o.from_place)
    or (o.pool is not null and not exists (select from pool p where p.id = o.pool and p.place = o.to_place))
  union all select 'orderLeadsToOnePlace', id, concat_ws(' ', to_place, pool, outside), 'a pool, or a name outside' from transfer_order
  where num_nonnulls(pool, outside) <> 1 or (pool is null) <> (to_place is null)
  union all select 'leavingEndsTheStay', o.id, o.patient, 'a stay that ended by leaving, with the arrival' from transfer_order o
  where o.outside is not null and o.state in ('arrived', 'closed') and not exists (
    select from order_event e join stay s on s.case_id = o.patient and s.ending = 'left' and s.ended_recorded_at = e.recorded_at
    where e.order_id = o.id and e.step = 'arrive')
  union all select 'orderHasItsPlan', o.id, o.plan, 'an issued plan' from transfer_order o
  where o.plan is not null and not exists (select from issued_plan i where i.id = o.plan)
  union all select 'orderOnTheRoadHasNoDeadline', id, deadline::text, 'none' from transfer_order where state = 'dispatched' and deadline is not null
  union all select 'orderIsHandedOver', id, state, 'a handover once arrived' from transfer_order where (state in ('arrived', 'closed')) <> (handover is not null)
  union all select 'liveOrderHasItsHold', o.id, count(h.id)::text, '1 open hold at ' || o.pool
  from live o left join hold h on h.purpose = o.id and h.book = o.pool and h.account = 'free' and h.state = 'open'
  where o.pool is not null group by o.id, o.pool having count(h.id) <> 1
  union all select 'onlyLiveOrdersHoldBeds', h.id, h.purpose || ' at ' || h.book, 'a live order that leads there'
  from hold h join transfer_order t on t.id = h.purpose where h.state = 'open' and not exists (select from live o where o.id = h.purpose and o.pool = h.book)
  union all select 'arrivalSettlesTheHold', o.id, count(h.id)::text, '1 settled hold'
  from transfer_order o left join hold h on h.purpose = o.id and h.state = 'settled'
  group by o.id, o.state, o.pool having count(h.id) <> (case when o.state in ('arrived', 'closed') and o.pool is not null then 1 else 0 end)
  union all select 'orderHasItsEvents', o.id, o.state || ' ' || coalesce(e.events, 0) || ' ' || coalesce(l.state, 'none'), o.state || ' ' || o.version || ' ' || o.state
  from transfer_order o left join (select order_id, count(*) as events, min(seq) as first, max(seq) as last from order_event group by order_id) e on e.order_id = o.id
    left join order_event l on l.order_id = o.id and l.seq = o.version
  where e.events is distinct from o.version or e.first is distinct from 1 or e.last is distinct from o.version
    or l.state is distinct from o.state or l.pool is distinct from o.pool or l.outside is distinct from o.outside
  union all select 'stepHasItsOrder', e.order_id || ' ' || e.seq, e.step, 'an order' from order_event e where not exists (select from transfer_order o where o.id = e.order_id)
  union all select 'writingIsInTheJournal', 'order_event ' || e.order_id || ' ' || e.seq, e.recorded_by || ' ' || e.recorded_at, 'a line of the journal by the same post at the same moment'
  from order_event e where not exists (select from journal j where j.at = e.recorded_at and j.actor = e.recorded_by)
  union all select 'recordedInOrder', 'order_event ' || n.order_id || ' ' || n.seq, n.recorded_at::text, '>= ' || e.recorded_at
  from order_event e join order_event n on n.order_id = e.order_id and n.seq = e.seq + 1 where n.recorded_at < e.recorded_at
  -- reliefs
  union all select 'reliefIsPositive', order_id, beds::text, '> 0' from relief where beds <= 0
  union all select 'reliefIsLiftedAsAWhole', order_id, coalesce(lifted_by, 'null'), 'time and post together' from relief where (lifted_at is null) <> (lifted_by is null)
  union all select 'reliefHasItsOrder', r.order_id, r.pool, 'an order and a pool' from relief r
  where not exists (select from transfer_order o where o.id = r.order_id) or not exists (select from pool p where p.id = r.pool)
  union all select 'reliefHoldsItsBeds', r.order_id, coalesce(sum(h.quantity), 0)::text, (case when r.lifted_at is null then r.beds else 0 end)::text
  from relief r left join hold h on h.purpose = 'relief/' || r.order_id and h.state = 'open'
  group by r.order_id, r.beds, r.lifted_at having coalesce(sum(h.quantity), 0) <> (case when r.lifted_at is null then r.beds else 0 end);
