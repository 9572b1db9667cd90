-- The material of a plan is withdrawn once, for good, by somebody who says why, and leaves nothing that is still to be shipped.
create view integrity_withdrawn as
  select 'allocationIsWithdrawnAsAWhole' as rule, run as subject, concat_ws(' ', withdrawn_at, withdrawn_by, withdrawal_reason) as found,
    'time, post and reason, after it was approved and confirmed' as expected
  from issued_allocation where num_nulls(withdrawn_at, withdrawn_by, withdrawal_reason) not in (0, 3) or withdrawn_at < greatest(recorded_at, confirmed_at)
  union all select 'withdrawnAllocationHasNothingIssued', o.id, o.state, 'cancelled, or out before'
  from allocation_order o join issued_allocation a on a.run = o.run where a.withdrawn_at is not null and o.state = 'issued'
  union all select 'writingIsInTheJournal', 'issued_allocation ' || a.run, a.withdrawn_by || ' ' || a.withdrawn_at, 'a line of the journal by the same post at the same moment'
  from issued_allocation a where a.withdrawn_at is not null and not exists (select from journal j where j.at = a.withdrawn_at and j.actor = a.withdrawn_by);
--> statement-breakpoint
create or replace view integrity as
  select * from integrity_store union all select * from integrity_access union all select * from integrity_picture
  union all select * from integrity_isolation union all select * from integrity_dispatch union all select * from integrity_drafts
  union all select * from integrity_mark union all select * from integrity_day union all select * from integrity_supplies
  union all select * from integrity_requests union all select * from integrity_withdrawn;
