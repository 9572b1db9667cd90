-- An account and a key never have one id: each refers to its own row of one table.
CREATE TABLE "principal" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	CONSTRAINT "principal_is_of_one_kind" UNIQUE("id","kind"),
	CONSTRAINT "principal_kind_is_known" CHECK ("principal"."kind" in ('account', 'key'))
);
--> statement-breakpoint
ALTER TABLE "api_key" ADD COLUMN "kind" text GENERATED ALWAYS AS ('key'::text) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "staff_account" ADD COLUMN "kind" text GENERATED ALWAYS AS ('account'::text) STORED NOT NULL;--> statement-breakpoint
-- Both tables are locked by now. Where two already share an id, it is the account's.
insert into principal (id, kind) select id, kind from staff_account;--> statement-breakpoint
insert into principal (id, kind) select id, kind from api_key on conflict (id) do nothing;--> statement-breakpoint
ALTER TABLE "staff_account" ADD CONSTRAINT "staff_account_is_its_principal" FOREIGN KEY ("id","kind") REFERENCES "public"."principal"("id","kind") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_is_its_principal" FOREIGN KEY ("id","kind") REFERENCES "public"."principal"("id","kind") ON DELETE no action ON UPDATE no action NOT VALID;--> statement-breakpoint
-- A key from before that has the id of an account does not keep the service from starting: the view of integrity names it until somebody revokes it.
do $$ begin
  alter table api_key validate constraint api_key_is_its_principal;
exception when foreign_key_violation then
  raise warning 'a key has the id of an account; the view of integrity names it';
end $$;
--> statement-breakpoint
-- Whoever comes second waits here for the first to commit, and is then refused by the reference. The programs of before go on as they are.
create function be_a_principal() returns trigger language plpgsql as $$
begin
  insert into principal (id, kind) values (new.id, tg_argv[0]) on conflict (id) do nothing;
  return new;
end $$;
--> statement-breakpoint
create trigger staff_account_becomes_a_principal before insert on staff_account
  for each row execute function be_a_principal('account');
--> statement-breakpoint
create trigger api_key_becomes_a_principal before insert on api_key
  for each row execute function be_a_principal('key');
--> statement-breakpoint
create or replace view integrity_access as
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
  union all select 'principalIsOne', coalesce(h.id, p.id), coalesce(h.kind, 'none'), coalesce(p.kind, 'none')
  from (select id, 'account' as kind from staff_account union all select id, 'key' from api_key) h full join principal p on p.id = h.id
  where h.kind is distinct from p.kind;
--> statement-breakpoint
CREATE INDEX "plan_run_by_requester" ON "plan_run" USING btree ("requested_by","claimed_at");
