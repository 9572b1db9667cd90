-- A contact lies in one room at a time, and nobody is in isolation and in care at once; whoever lies there by name is
-- now of either kind, so that the invariants of the store are written again, and those of isolation stand beside them.
alter table isolation_stay add constraint isolation_stay_never_overlaps
  exclude using gist (contact_id with =, tstzrange(began_at, ended_at, '[)') with &&);
--> statement-breakpoint
-- Two tables share one person here, which no constraint can span. Times are compared as they are: a span that runs
-- backwards is for its own check to refuse.
create function refuse_two_places() returns trigger language plpgsql as $$
begin
  if exists (
    select from contact c join isolation_stay i on i.contact_id = c.id join stay s on s.case_id = c."case"
    where (tg_table_name = 'contact' and c.id = to_jsonb(new) ->> 'id'
        or tg_table_name = 'isolation_stay' and i.id = to_jsonb(new) ->> 'id'
        or tg_table_name = 'stay' and s.id = to_jsonb(new) ->> 'id')
    and s.began_at < coalesce(i.ended_at, 'infinity') and i.began_at < coalesce(s.ended_at, 'infinity')
    and s.began_at < coalesce(s.ended_at, 'infinity') and i.began_at < coalesce(i.ended_at, 'infinity')
  ) then
    raise exception '% %: one person would be in isolation and in care at once', tg_table_name, to_jsonb(new) ->> 'id'
      using errcode = 'exclusion_violation', constraint = tg_name;
  end if;
  return null;
end $$;
--> statement-breakpoint
create trigger stay_is_not_in_isolation after insert or update on stay
  for each row execute function refuse_two_places();
--> statement-breakpoint
create trigger isolation_stay_is_not_in_care after insert or update on isolation_stay
  for each row execute function refuse_two_places();
--> statement-breakpoint
create trigger contact_is_not_in_two_places after insert or update on contact
  for each row execute function refuse_two_places();
--> statement-breakpoint
create or replace view present_record as
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
  union all select 'orders', id, version, body from standing_order
  union all select 'lastPlan', id, version, body from last_plan
  union all select 'accounts', id, version, body from staff_account
  union all select 'apiKeys', id, version, body from api_key
  union all select 'contacts', id, version, body from contact;
--> statement-breakpoint
-- The invariants of records, ledger, stays and plans. The names of the rules stand in src/db/integrity.ts.
create or replace view integrity_store as
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
    select distinct on (kind, id) kind, id, version, body from record_version order by kind, id, version desc
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
  union all select 'orderIsOneAPerson', patient, count(*)::text, '1' from standing_order group by patient having count(*) > 1
  union all select 'orderHasPatientAndPool', o.id, o.patient || ' ' || o.pool, 'a case and a pool' from standing_order o
  where not exists (select from care_case c where c.id = o.patient) or not exists (select from pool p where p.id = o.pool)
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
create view integrity_isolation as
  select 'oneContactOneRoom' as rule, a.contact_id as subject, a.id || ' ' || b.id as found, 'one room at a time' as expected
  from isolation_stay a join isolation_stay b on a.contact_id = b.contact_id and a.id < b.id
    and a.began_at < coalesce(b.ended_at, 'infinity') and b.began_at < coalesce(a.ended_at, 'infinity')
    and a.began_at < coalesce(a.ended_at, 'infinity') and b.began_at < coalesce(b.ended_at, 'infinity')
  union all select 'notInIsolationAndInCare', c.id, i.id || ' ' || s.id, 'one of them at a time'
  from contact c join isolation_stay i on i.contact_id = c.id join stay s on s.case_id = c."case"
    and s.began_at < coalesce(i.ended_at, 'infinity') and i.began_at < coalesce(s.ended_at, 'infinity')
    and s.began_at < coalesce(s.ended_at, 'infinity') and i.began_at < coalesce(i.ended_at, 'infinity')
  union all select 'isolationEndsAfterItBegan', id, ended_at::text, '>= ' || began_at from isolation_stay where ended_at < began_at
  union all select 'isolationEndsAsAWhole', id, coalesce(ending, 'null'), 'time, ending and record together' from isolation_stay
  where (ended_at is null) <> (ending is null) or (ended_at is null) <> (ended_recorded_at is null)
  union all select 'isolationEndingIsKnown', id, ending, 'moved, released, positive, hospitalised, left, died' from isolation_stay
  where ending not in ('moved', 'released', 'positive', 'hospitalised', 'left', 'died')
  union all select 'isolationHasItsRoom', i.id, i.pool || ' ' || i.place, 'a pool of the place' from isolation_stay i
  where not exists (select from pool p where p.id = i.pool and p.place = i.place)
  union all select 'isolationHasItsContact', i.id, i.contact_id, 'a contact' from isolation_stay i
  where not exists (select from contact c where c.id = i.contact_id)
  union all select 'isolationHasItsEdition', c.id, coalesce(c.body ->> 'edition', 'null'), 'an edition once isolation began' from contact c
  where (c.body ->> 'edition' is null) = exists (select from isolation_stay i where i.contact_id = c.id)
  union all select 'releasedIsOut', c.id, i.id, 'no room after the end' from contact c join isolation_stay i on i.contact_id = c.id
  where i.ended_at is null and (c."case" is not null or c.body ->> 'certificate' is not null or (c.body ->> 'withdrawn')::boolean)
  union all select 'contactHasUnit', id, unit, 'a reporting unit' from contact c where not exists (select from reporting_unit u where u.id = c.unit)
  union all select 'contactSiteIsAPlace', id, site, 'a place' from contact c
  where site is not null and not exists (select from place p where p.id = c.site)
  union all select 'contactBecomesACase', id, "case", 'a case' from contact c
  where "case" is not null and not exists (select from care_case k where k.id = c."case")
  union all select 'caseWasOneContact', "case", count(*)::text, '1' from contact where "case" is not null group by "case" having count(*) > 1
  union all select 'observationHasItsContact', contact_id || ' ' || day || ' ' || half, contact_id, 'a contact' from observation o
  where not exists (select from contact c where c.id = o.contact_id)
  union all select 'observationHalfIsKnown', contact_id || ' ' || day, half, 'morning, evening' from observation where half not in ('morning', 'evening')
  union all select 'observationSaysSomething', contact_id || ' ' || day || ' ' || half, coalesce(temperature_tenths::text, 'null'), '340 to 430, or symptoms'
  from observation where temperature_tenths not between 340 and 430 or (temperature_tenths is null and symptoms = '[]');
--> statement-breakpoint
create or replace view integrity as
  select * from integrity_store union all select * from integrity_access union all select * from integrity_picture
  union all select * from integrity_isolation;
