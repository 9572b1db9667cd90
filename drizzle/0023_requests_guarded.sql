-- What is ordered for a request stays within it. A packing may become another one later: what an item ever shipped by counts.
create view integrity_requests as
  with served as (
    select r.id, r.state, r.item, coalesce(r.approved, r.asked) as bound, bool_and(o.phone is not null) as by_phone,
      sum(case o.state when 'issued' then l.ordered else l.shipped end) as units
    from material_request r join allocation_order o on o.request = r.id join allocation_line l on l.order_id = o.id
    where o.state in ('issued', 'shipped', 'received') and r.item in (l.item, coalesce(l.substitute_for, l.item)) group by r.id
  ), unopened as (
    select id as item, 1 as each from item
    union select i.id, (p.body ->> 'units')::integer from record_version i
      join record_version p on p.kind = 'packings' and p.body ->> 'item' = i.id and p.body ->> 'packing' = i.body ->> 'shipsBy' where i.kind = 'items'
  ), most as (
    select s.id, max(ceil(s.bound::numeric / u.each) * u.each) as units from served s join unopened u on u.item = s.item group by s.id
  )
  select 'orderedWithinItsRequest' as rule, s.id as subject, s.units::text as found, 'no more than ' || m.units as expected
  from served s join most m on m.id = s.id where s.units > m.units
  union all select 'requestThatIsServedStands', id, state, 'approved, or open and ordered for by phone'
  from served where units > 0 and (state in ('refused', 'withdrawn') or (state = 'open' and not by_phone));
--> statement-breakpoint
create or replace view integrity as
  select * from integrity_store union all select * from integrity_access union all select * from integrity_picture
  union all select * from integrity_isolation union all select * from integrity_dispatch union all select * from integrity_drafts
  union all select * from integrity_mark union all select * from integrity_day union all select * from integrity_supplies
  union all select * from integrity_requests;
