-- A draft may be edited: it is based on a run that there is, and nobody who made part of it approves it.
create view integrity_drafts as
  with recursive made as (
    select i.id as plan, r.based_on as run from issued_plan i join plan_run r on r.id = i.run where r.based_on is not null
    union select m.plan, r.based_on from made m join plan_run r on r.id = m.run where r.based_on is not null)
  select 'runIsBasedOnARun' as rule, r.id as subject, r.based_on as found, 'a run' as expected
  from plan_run r where r.based_on is not null and not exists (select from plan_run b where b.id = r.based_on)
  union all select 'planIsApprovedByNoMaker', i.id, r.requested_by, 'somebody who asked for none of its drafts'
  from issued_plan i join made m on m.plan = i.id join plan_run r on r.id = m.run where r.requested_by in (i.approved_by, i.confirmed_by);
--> statement-breakpoint
-- One row a broken invariant, none when the store is healthy. The names of the rules stand in src/db/integrity.ts.
create or replace view integrity as
  select * from integrity_store union all select * from integrity_access union all select * from integrity_picture
  union all select * from integrity_isolation union all select * from integrity_dispatch union all select * from integrity_drafts;
