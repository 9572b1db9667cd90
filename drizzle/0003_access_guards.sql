-- Accounts and keys are records with a history; what proves them is not, and stands only while it is good.
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
  union all select 'apiKeys', id, version, body from api_key;
--> statement-breakpoint
-- Each room says what must hold in it; `integrity` is all of them together.
alter view integrity rename to integrity_store;
--> statement-breakpoint
create view integrity_access as
  select 'passwordHasAccount' as rule, account as subject, 'none' as found, 'an account' as expected from account_password p
  where not exists (select from staff_account a where a.id = p.account)
  union all select 'invitationHasAccount', account, 'none', 'an account' from invitation i
  where not exists (select from staff_account a where a.id = i.account)
  union all select 'sessionHasAccount', account, 'none', 'an account' from session s
  where not exists (select from staff_account a where a.id = s.account)
  union all select 'deviceHasAccount', account, 'none', 'an account' from known_device d
  where not exists (select from staff_account a where a.id = d.account)
  union all select 'secretHasKey', s.api_key, 'none', 'a key' from api_key_secret s
  where not exists (select from api_key k where k.id = s.api_key)
  union all select 'sessionEndsAfterItBegan', account, ends_at::text, '> ' || began_at from session where ends_at <= began_at
  union all select 'secretEndsAfterItWasMade', api_key, ends_at::text, '> ' || made_at from api_key_secret where ends_at <= made_at
  union all select 'principalIsOne', a.id, 'an account and a key', 'one of them' from staff_account a join api_key k on k.id = a.id;
--> statement-breakpoint
create view integrity as select * from integrity_store union all select * from integrity_access;
