ALTER TABLE "allocation_line" ADD COLUMN "missing_difference" text;--> statement-breakpoint
ALTER TABLE "allocation_line" ADD CONSTRAINT "allocation_line_says_twice_of_both" CHECK ("allocation_line"."missing_difference" is null or coalesce(least("allocation_line"."damaged", "allocation_line"."missing"), 0) > 0);--> statement-breakpoint
-- A line says why of what is missing only where others are damaged.
create or replace view integrity_supplies as
  -- what material refers to
  select 'materialHasItsItem' as rule, kind || ' ' || id as subject, coalesce(item, 'none') as found, 'an item' as expected from (
    select 'item_code' as kind, id, item from item_code union all select 'packing', id, item from packing
    union all select 'substitute', id, item from substitute union all select 'substitute', id, substitute from substitute
    union all select 'kit_part', id, item from kit_part union all select 'norm', id, item from norm
    union all select 'reported_use', id, item from reported_use union all select 'expected_supply', id, item from expected_supply
    union all select 'stock_lot', id, item from stock_lot union all select 'stock_note', id, item from stock_note where item is not null
    union all select 'material_request', id, item from material_request
    union all select 'allocation_line', order_id || ' ' || seq, item from allocation_line
    union all select 'allocation_line', order_id || ' ' || seq, substitute_for from allocation_line where substitute_for is not null
  ) r where not exists (select from item i where i.id = r.item)
  union all select 'materialHasItsPlace', kind || ' ' || id, coalesce(place, 'none'), 'a place' from (
    select 'receiver' as kind, id, place from receiver union all select 'staff_on_shift', id, place from staff_on_shift
    union all select 'reported_use', id, place from reported_use union all select 'stock_source', id, place from stock_source
    union all select 'expected_supply', id, place from expected_supply union all select 'equipment', id, place from equipment
    union all select 'stock_lot', id, place from stock_lot union all select 'stock_note', id, place from stock_note
    union all select 'material_request', id, place from material_request
    union all select 'allocation_order', id, from_place from allocation_order where from_place is not null
    union all select 'allocation_order', id, to_place from allocation_order
    union all select 'account', book || ' ' || name, substr(name, 4) from account where starts_with(book, 'lot ') and starts_with(name, 'at ')
  ) r where not exists (select from place p where p.id = r.place)
  union all select 'materialStandsOnce', kind || ' ' || one, count(*)::text, '1' from (
    select 'item_code' as kind, system || ' ' || code as one from item_code
    union all select 'packing', item || ' ' || packing from packing
    union all select 'substitute in order', item || ' ' || in_order from substitute
    union all select 'substitute', item || ' ' || substitute from substitute
    union all select 'kit_part', kit || ' ' || item from kit_part
    union all select 'receiver', place from receiver union all select 'stock_source', place from stock_source
    union all select 'reported_use', place || ' ' || item from reported_use
  ) r group by kind, one having count(*) > 1
  -- stock and its notes
  union all select 'stockIsOfALot', a.book || ' ' || a.name, 'no lot', 'a lot' from account a
  where starts_with(a.book, 'lot ') and not exists (select from stock_lot l where l.id = substr(a.book, 5))
  union all select 'stockMovesByANote', f.subject || ' ' || f.lot, 'none', 'a note or an order' from stock_flow f
  where not exists (select from stock_note n where f.subject = 'notes/' || n.id)
    and not exists (select from allocation_order o where f.subject = 'allocation-orders/' || o.id)
  union all select 'noteKindIsKnown', id, kind, 'a kind of note' from stock_note
  where kind not in ('receipt', 'return', 'consumption', 'loss', 'damage', 'expiry', 'stocktake', 'reversal')
  union all select 'noteMovesAtItsPlace', n.id, f.from_account || ' ' || f.to_account, 'at ' || n.place
  from stock_note n join stock_flow f on f.subject = 'notes/' || n.id where 'at ' || n.place not in (f.from_account, f.to_account)
  union all select 'noteIsReversedOnce', reverses, count(*)::text, '1' from stock_note where reverses is not null group by reverses having count(*) > 1
  union all select 'reversalNamesItsNote', r.id, coalesce(r.reverses, 'none'), 'a note that is none' from stock_note r
  where (r.kind = 'reversal') <> (r.reverses is not null)
    or (r.reverses is not null and not exists (select from stock_note n where n.id = r.reverses and n.kind <> 'reversal'))
  union all select 'reversalIsExact', r.id, coalesce(b.lot || ' ' || b.units, 'none'), coalesce(f.lot || ' ' || f.units, 'none')
  from stock_note r
    join lateral (select * from stock_flow where subject = 'notes/' || r.reverses) f on true
    left join stock_flow b on b.subject = 'notes/' || r.id and b.lot = f.lot and b.from_account = f.to_account and b.to_account = f.from_account
  where r.reverses is not null and b.units is distinct from f.units
  union all select 'stocktakeNamesItsItem', id, coalesce(item, 'none'), 'an item when it is a stocktake' from stock_note where (kind = 'stocktake') <> (item is not null)
  union all select 'noteIsAsItWasWritten', j.subject, coalesce(n.place || ' ' || n.recorded_by || ' ' || n.recorded_at, 'none'), (j.details ->> 'place') || ' ' || j.actor || ' ' || j.at
  from journal j left join stock_note n on n.id = j.subject and n.place = j.details ->> 'place' and n.recorded_by = j.actor and n.recorded_at = j.at and 'stock.' || n.kind = j.action
  where j.kind = 'notes' and n.id is null
  -- requests
  union all select 'requestStateIsKnown', id, state, 'open, approved, refused, withdrawn' from material_request where state not in ('open', 'approved', 'refused', 'withdrawn')
  union all select 'requestIsOfSomething', id, asked || ' ' || coalesce(approved::text, 'none'), '> 0' from material_request where asked <= 0 or approved <= 0
  union all select 'requestIsAnsweredAsAWhole', id, state, 'time and post when it is answered' from material_request
  where (state = 'open') <> (answered_at is null) or (answered_at is null) <> (answered_by is null)
  union all select 'requestApprovesSoMany', id, coalesce(approved::text, 'none'), 'so many when it is approved, and no more than ' || asked from material_request
  where (state = 'approved') <> (approved is not null) or approved > asked
  union all select 'requestIsApprovedByAnother', id, answered_by, 'another than ' || asked_by from material_request where state = 'approved' and answered_by = asked_by
  -- allocation plans and orders
  union all select 'allocationIsApprovedByAnother', run, approved_by || ' ' || coalesce(confirmed_by, ''), 'another than ' || maker from issued_allocation
  where maker = approved_by or maker = confirmed_by
  union all select 'allocationIsConfirmedAfterACall', run, coalesce(confirmed_by, 'none'), 'time and post, after a call' from issued_allocation
  where (confirmed_at is null) <> (confirmed_by is null) or (confirmed_at is not null and phone is null)
  union all select 'allocationHasItsRun', run, 'none', 'a run that is done' from issued_allocation a where not exists (select from plan_run r where r.id = a.run and r.state = 'done')
  union all select 'allocationOrderIsKnown', id, state || ' ' || kind, 'a state and a kind' from allocation_order
  where state not in ('issued', 'shipped', 'received', 'cancelled', 'lost') or kind not in ('plan', 'allocation', 'loan', 'giveBack')
  union all select 'allocationOrderGoesElsewhere', id, from_place, 'another place' from allocation_order where from_place = to_place
  union all select 'allocationOrderIsOfItsPlan', id, kind || ' ' || coalesce(run, 'none'), 'an approved plan when it is by the plan' from allocation_order o
  where (kind = 'plan') <> (run is not null) or (run is not null and not exists (select from issued_allocation a where a.run = o.run))
  union all select 'allocationOrderHasItsRequest', id, request, 'a request' from allocation_order o
  where request is not null and not exists (select from material_request r where r.id = o.request)
  union all select 'allocationOrderTellsItsTimes', id, state || ' ' || concat_ws(' ', shipped_at, ended_at), 'shipped before it comes, and ended when it is over' from allocation_order
  where (state in ('received', 'cancelled', 'lost')) <> (ended_at is not null) or (state in ('shipped', 'received', 'lost')) <> (shipped_at is not null)
  union all select 'allocationLineHasItsOrder', order_id || ' ' || seq, lot, 'an order, and a lot of its item' from allocation_line l
  where not exists (select from allocation_order o where o.id = l.order_id) or not exists (select from stock_lot s where s.id = l.lot and s.item = l.item)
  union all select 'allocationLineAddsUp', order_id || ' ' || seq, concat_ws(' ', ordered, shipped, accepted, damaged, missing, difference, missing_difference), 'no more shipped than ordered, all of it found or missed, and why'
  from allocation_line l where ordered <= 0 or shipped > ordered or shipped < 0 or least(accepted, damaged, missing) < 0
    or num_nulls(accepted, damaged, missing) not in (0, 3) or accepted + damaged + missing <> shipped
    or (coalesce(damaged, 0) + coalesce(missing, 0) > 0) <> (difference is not null)
    or (missing_difference is not null and coalesce(least(damaged, missing), 0) = 0)
    or exists (select from allocation_order o where o.id = l.order_id and
      (shipped is null and o.state in ('shipped', 'received', 'lost') or shipped is not null and o.state = 'issued' or accepted is null and o.state = 'received'))
  union all select 'allocationOrderHasItsEvents', o.id, coalesce(e.events, 0)::text || ' ' || coalesce(l.state, 'none'), o.version || ' ' || o.state
  from allocation_order o left join (select order_id, count(*) as events, max(seq) as last, min(seq) as first from allocation_event group by order_id) e on e.order_id = o.id
    left join allocation_event l on l.order_id = o.id and l.seq = e.last
  where e.events is distinct from o.version or e.last is distinct from o.version or e.first is distinct from 1 or l.state is distinct from o.state
  union all select 'recordedInOrder', 'allocation_event ' || n.order_id || ' ' || n.seq, n.recorded_at::text, '>= ' || e.recorded_at
  from allocation_event e join allocation_event n on n.order_id = e.order_id and n.seq = e.seq + 1 where n.recorded_at < e.recorded_at
  union all select 'allocationStepHasItsOrder', e.order_id || ' ' || e.seq, e.step, 'an order' from allocation_event e where not exists (select from allocation_order o where o.id = e.order_id)
  union all select 'issuedStockIsPromised', coalesce(l.order_id || '/' || l.seq, h.purpose), coalesce(h.quantity::text, 'none'), coalesce(l.ordered::text, 'none')
  from (select l.*, o.from_place from allocation_line l join allocation_order o on o.id = l.order_id where o.state = 'issued' and o.from_place is not null) l
    full join (select * from hold where state = 'open' and starts_with(book, 'lot ')) h
    on h.purpose = l.order_id || '/' || l.seq and h.book = 'lot ' || l.lot and h.account = 'at ' || l.from_place
  where h.quantity is distinct from l.ordered
  union all select 'shippedStockIsOnTheWay', coalesce(a.book || ' ' || a.name, l.book || ' ' || l.name), coalesce(a.balance, 0)::text, coalesce(l.units, 0)::text
  from (select book, name, balance from account where starts_with(book, 'lot ') and starts_with(name, 'way ') and balance <> 0) a
    full join (select 'lot ' || l.lot as book, 'way ' || l.order_id as name, sum(l.shipped) as units
      from allocation_line l join allocation_order o on o.id = l.order_id where o.state = 'shipped' group by l.lot, l.order_id having sum(l.shipped) > 0) l
    on l.book = a.book and l.name = a.name
  where a.balance is distinct from l.units
  union all select 'acceptedStockCameIn', l.order_id || ' ' || l.lot, coalesce(f.units, 0)::text, l.units::text
  from (select l.order_id, l.lot, o.to_place, sum(l.accepted) as units from allocation_line l join allocation_order o on o.id = l.order_id
      where o.state = 'received' group by l.order_id, l.lot, o.to_place) l
    left join stock_flow f on f.subject = 'allocation-orders/' || l.order_id and f.lot = l.lot and f.from_account = 'way ' || l.order_id and f.to_account = 'at ' || l.to_place
  where coalesce(f.units, 0) <> l.units
  -- and every writing of them
  union all select 'writingIsInTheJournal', w.subject, w.by || ' ' || w.at, 'a line of the journal by the same post at the same moment' from (
    select 'stock_note ' || id as subject, recorded_at as at, recorded_by as by from stock_note
    union all select 'material_request ' || id, recorded_at, asked_by from material_request
    union all select 'material_request ' || id, recommended_at, recommended_by from material_request where recommended_at is not null
    union all select 'material_request ' || id, answered_at, answered_by from material_request where answered_at is not null
    union all select 'issued_allocation ' || run, recorded_at, approved_by from issued_allocation
    union all select 'allocation_event ' || order_id || ' ' || seq, recorded_at, recorded_by from allocation_event
  ) w where not exists (select from journal j where j.at = w.at and j.actor = w.by);
