-- What tables cannot say of the day: a frozen report is never edited, a handover only by whoever takes it over, once.
create trigger daily_report_is_history before update or delete or truncate on daily_report
  for each statement execute function refuse_change();
--> statement-breakpoint
create trigger shift_handover_is_history before delete or truncate on shift_handover
  for each statement execute function refuse_change();
--> statement-breakpoint
create function refuse_change_but_taking_over() returns trigger language plpgsql as $$
begin
  if old.taken_at is not null or to_jsonb(new) - array['taken_at', 'taken_by'] <> to_jsonb(old) - array['taken_at', 'taken_by'] then
    raise exception 'a handover is history: all that is ever written into it is who takes it over, once'
      using errcode = 'restrict_violation', constraint = tg_name;
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger shift_handover_is_taken_once after update on shift_handover
  for each row execute function refuse_change_but_taking_over();
--> statement-breakpoint
create view integrity_day as
  -- daily reports
  select 'reportNumberStandsOnce' as rule, year || ' ' || number as subject, count(*)::text as found, '1' as expected
  from daily_report group by year, number having count(*) > 1
  union all select 'reportNumbersCountFromOne', year, min(number) || ' to ' || max(number), '1 to ' || count(*)
  from daily_report group by year having min(number) <> 1 or max(number) <> count(*)
  union all select 'reportCutOffIsKnown', id, cut_off, 'noon, midnight' from daily_report where cut_off not in ('noon', 'midnight')
  union all select 'reportIdSaysOfWhen', id, id, day || '-' || cut_off from daily_report where id <> day || '-' || cut_off
  union all select 'reportIsFrozenAfterItsCutOff', id, frozen_at::text, 'after ' || day || ' ' || cut_off from daily_report
  where frozen_at < (day || case cut_off when 'noon' then ' 12:00' else ' 24:00' end || '+08')::timestamptz
  union all select 'hashesAreOfTheBytes', 'daily-reports ' || id, content_hash, 'SHA-256 of the bytes kept' from daily_report
  where content_hash <> encode(sha256(convert_to(content, 'UTF8')), 'hex')
  union all select 'reportIsAsItWasFrozen', j.subject, coalesce(r.signatory || ' ' || r.frozen_at || ' ' || r.content_hash, 'none'), j.actor || ' ' || j.at || ' ' || (j.details ->> 'hash')
  from journal j left join daily_report r on r.id = j.subject and r.signatory = j.actor and r.frozen_at = j.at and r.content_hash = j.details ->> 'hash'
  where j.kind = 'daily-reports' and j.action = 'report.frozen' and r.id is null
  -- shifts
  union all select 'hashesAreOfTheBytes', 'handovers ' || id, content_hash, 'SHA-256 of the bytes kept' from shift_handover
  where content_hash <> encode(sha256(convert_to(content, 'UTF8')), 'hex')
  union all select 'handoverIsAsItWasGiven', j.subject, coalesce(h.given_by || ' ' || h.given_at || ' ' || h.content_hash, 'none'), j.actor || ' ' || j.at || ' ' || (j.details ->> 'hash')
  from journal j left join shift_handover h on h.id = j.subject and h.given_by = j.actor and h.given_at = j.at and h.content_hash = j.details ->> 'hash'
  where j.kind = 'handovers' and j.action = 'handover.given' and h.id is null
  union all select 'handoverIsTakenAsAWhole', id, coalesce(taken_by, 'null'), 'time and post together' from shift_handover where (taken_at is null) <> (taken_by is null)
  union all select 'handoverIsTakenByAnother', id, taken_by, 'another than ' || given_by from shift_handover where taken_by = given_by
  union all select 'handoverIsTakenAfterItWasGiven', id, taken_at::text, '>= ' || given_at from shift_handover where taken_at < given_at
  union all select 'handoverHasItsPlace', h.id, h.place, 'a place' from shift_handover h
  where h.place is not null and not exists (select from place p where p.id = h.place)
  -- and every writing of them
  union all select 'writingIsInTheJournal', w.subject, w.by || ' ' || w.at, 'a line of the journal by the same post at the same moment' from (
    select 'daily-reports ' || id as subject, frozen_at as at, signatory as by from daily_report
    union all select 'handovers ' || id, given_at, given_by from shift_handover
    union all select 'handovers ' || id, taken_at, taken_by from shift_handover where taken_at is not null
  ) w where not exists (select from journal j where j.at = w.at and j.actor = w.by);
--> statement-breakpoint
-- One row a broken invariant, none when the store is healthy. The names of the rules stand in src/db/integrity.ts.
create or replace view integrity as
  select * from integrity_store union all select * from integrity_access union all select * from integrity_picture
  union all select * from integrity_isolation union all select * from integrity_dispatch union all select * from integrity_drafts
  union all select * from integrity_mark union all select * from integrity_day;
