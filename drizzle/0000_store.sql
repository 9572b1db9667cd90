CREATE TABLE "care_case" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"body" jsonb NOT NULL,
	"effective_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"recorded_by" text NOT NULL,
	"unit" text GENERATED ALWAYS AS ((body ->> 'unit')) STORED NOT NULL,
	"companion" text GENERATED ALWAYS AS ((body ->> 'companion')) STORED
);
--> statement-breakpoint
CREATE TABLE "intake" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"body" jsonb NOT NULL,
	"effective_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"recorded_by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "idempotency_key" (
	"actor" text NOT NULL,
	"key" text NOT NULL,
	"request_hash" text NOT NULL,
	"status" integer,
	"headers" jsonb,
	"body" text,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "idempotency_key_actor_key_pk" PRIMARY KEY("actor","key")
);
--> statement-breakpoint
CREATE TABLE "journal" (
	"seq" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "journal_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp with time zone NOT NULL,
	"actor" text NOT NULL,
	"action" text NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"request" text NOT NULL,
	"details" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "record_version" (
	"kind" text NOT NULL,
	"id" text NOT NULL,
	"version" integer NOT NULL,
	"body" jsonb NOT NULL,
	"effective_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"recorded_by" text NOT NULL,
	CONSTRAINT "record_version_kind_id_version_pk" PRIMARY KEY("kind","id","version"),
	CONSTRAINT "record_version_counts_from_one" CHECK ("record_version"."version" >= 1)
);
--> statement-breakpoint
CREATE TABLE "service_clock" (
	"only" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"shift_milliseconds" bigint NOT NULL,
	CONSTRAINT "service_clock_is_one" CHECK ("service_clock"."only")
);
--> statement-breakpoint
CREATE TABLE "place" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"body" jsonb NOT NULL,
	"effective_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"recorded_by" text NOT NULL,
	"unit" text GENERATED ALWAYS AS ((body ->> 'unit')) STORED NOT NULL
);
--> statement-breakpoint
CREATE TABLE "pool" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"body" jsonb NOT NULL,
	"effective_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"recorded_by" text NOT NULL,
	"place" text GENERATED ALWAYS AS ((body ->> 'place')) STORED NOT NULL,
	"block" text GENERATED ALWAYS AS ((body ->> 'block')) STORED,
	"physical" integer GENERATED ALWAYS AS ((case jsonb_typeof(body -> 'physical') when 'number' then (body ->> 'physical')::integer end)) STORED,
	"staffed" integer GENERATED ALWAYS AS ((case jsonb_typeof(body -> 'staffed') when 'number' then (body ->> 'staffed')::integer end)) STORED,
	"occupied" integer GENERATED ALWAYS AS ((case jsonb_typeof(body -> 'occupied') when 'number' then (body ->> 'occupied')::integer end)) STORED,
	CONSTRAINT "pool_at_place" UNIQUE("id","place"),
	CONSTRAINT "pool_figures_are_counts" CHECK ("pool"."physical" >= 0 and "pool"."staffed" >= 0 and "pool"."occupied" >= 0)
);
--> statement-breakpoint
CREATE TABLE "reporting_unit" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"body" jsonb NOT NULL,
	"effective_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"recorded_by" text NOT NULL,
	"gbt2260" text GENERATED ALWAYS AS ((body ->> 'gbt2260')) STORED,
	CONSTRAINT "reporting_unit_code_stands_once" UNIQUE("gbt2260")
);
--> statement-breakpoint
CREATE TABLE "reserve_block" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"body" jsonb NOT NULL,
	"effective_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"recorded_by" text NOT NULL,
	"place" text GENERATED ALWAYS AS ((body ->> 'place')) STORED NOT NULL,
	"sequence" integer GENERATED ALWAYS AS ((case jsonb_typeof(body -> 'sequence') when 'number' then (body ->> 'sequence')::integer end)) STORED NOT NULL,
	CONSTRAINT "reserve_block_opens_in_order" UNIQUE("place","sequence"),
	CONSTRAINT "reserve_block_at_place" UNIQUE("id","place")
);
--> statement-breakpoint
CREATE TABLE "team" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"body" jsonb NOT NULL,
	"effective_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"recorded_by" text NOT NULL,
	"station" text GENERATED ALWAYS AS ((body ->> 'station')) STORED NOT NULL
);
--> statement-breakpoint
CREATE TABLE "travel" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"body" jsonb NOT NULL,
	"effective_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"recorded_by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "vehicle" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"body" jsonb NOT NULL,
	"effective_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"recorded_by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "account" (
	"book" text NOT NULL,
	"name" text NOT NULL,
	"may_owe" boolean NOT NULL,
	"counted" boolean NOT NULL,
	"balance" integer NOT NULL,
	"held" integer NOT NULL,
	CONSTRAINT "account_book_name_pk" PRIMARY KEY("book","name"),
	CONSTRAINT "account_is_not_negative" CHECK ("account"."may_owe" or "account"."balance" >= 0),
	CONSTRAINT "account_held_is_covered" CHECK ("account"."held" >= 0 and ("account"."held" = 0 or "account"."held" <= "account"."balance")),
	CONSTRAINT "account_uncounted_is_empty" CHECK ("account"."counted" or "account"."balance" = "account"."held")
);
--> statement-breakpoint
CREATE TABLE "hold" (
	"id" text PRIMARY KEY NOT NULL,
	"book" text NOT NULL,
	"account" text NOT NULL,
	"quantity" integer NOT NULL,
	"purpose" text NOT NULL,
	"state" text NOT NULL,
	"deadline" timestamp with time zone,
	"made_at" timestamp with time zone NOT NULL,
	"made_by" text NOT NULL,
	"resolved_at" timestamp with time zone,
	CONSTRAINT "hold_is_positive" CHECK ("hold"."quantity" > 0),
	CONSTRAINT "hold_state_is_known" CHECK ("hold"."state" in ('open', 'settled', 'voided', 'expired')),
	CONSTRAINT "hold_is_resolved_once" CHECK (("hold"."state" = 'open') = ("hold"."resolved_at" is null))
);
--> statement-breakpoint
CREATE TABLE "movement" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "movement_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"book" text NOT NULL,
	"from_account" text NOT NULL,
	"to_account" text NOT NULL,
	"quantity" integer NOT NULL,
	"reason" text NOT NULL,
	"subject" text NOT NULL,
	"effective_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"recorded_by" text NOT NULL,
	CONSTRAINT "movement_is_positive" CHECK ("movement"."quantity" > 0),
	CONSTRAINT "movement_goes_elsewhere" CHECK ("movement"."from_account" <> "movement"."to_account")
);
--> statement-breakpoint
CREATE TABLE "last_plan" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"body" jsonb NOT NULL,
	"effective_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"recorded_by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "plan_run" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"state" text NOT NULL,
	"request" jsonb NOT NULL,
	"requested_at" timestamp with time zone NOT NULL,
	"requested_by" text NOT NULL,
	"fence" integer NOT NULL,
	"claimed_by" text,
	"claimed_at" timestamp with time zone,
	"lease_until" timestamp with time zone,
	"done" integer NOT NULL,
	"of" integer NOT NULL,
	"title" jsonb,
	"snapshot" text,
	"snapshot_hash" text,
	"plan" text,
	"plan_hash" text,
	"exit" integer,
	"milliseconds" jsonb,
	"reasons" jsonb,
	"finished_at" timestamp with time zone,
	CONSTRAINT "plan_run_state_is_known" CHECK ("plan_run"."state" in ('queued', 'running', 'done', 'failed', 'cancelled')),
	CONSTRAINT "plan_run_done_has_its_plan" CHECK (("plan_run"."state" = 'done') = ("plan_run"."plan" is not null)),
	CONSTRAINT "plan_run_plan_has_its_snapshot" CHECK ("plan_run"."plan" is null or ("plan_run"."snapshot" is not null and "plan_run"."plan_hash" is not null and "plan_run"."exit" in (0, 3, 4))),
	CONSTRAINT "plan_run_failed_says_why" CHECK (("plan_run"."state" = 'failed') = ("plan_run"."reasons" is not null)),
	CONSTRAINT "plan_run_running_is_leased" CHECK (("plan_run"."state" = 'running') = ("plan_run"."lease_until" is not null)),
	CONSTRAINT "plan_run_ends_once" CHECK (("plan_run"."state" in ('queued', 'running')) = ("plan_run"."finished_at" is null))
);
--> statement-breakpoint
CREATE TABLE "plan_run_event" (
	"run" text NOT NULL,
	"seq" bigint NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"data" jsonb NOT NULL,
	CONSTRAINT "plan_run_event_run_seq_pk" PRIMARY KEY("run","seq"),
	CONSTRAINT "plan_run_event_counts_from_one" CHECK ("plan_run_event"."seq" >= 1)
);
--> statement-breakpoint
CREATE TABLE "plan_settings" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"body" jsonb NOT NULL,
	"effective_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"recorded_by" text NOT NULL,
	CONSTRAINT "plan_settings_is_one" CHECK ("plan_settings"."id" = 'city')
);
--> statement-breakpoint
CREATE TABLE "standing_order" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"body" jsonb NOT NULL,
	"effective_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"recorded_by" text NOT NULL,
	"patient" text GENERATED ALWAYS AS ((body ->> 'patient')) STORED NOT NULL,
	"pool" text GENERATED ALWAYS AS ((body ->> 'pool')) STORED NOT NULL,
	CONSTRAINT "standing_order_is_one_a_person" UNIQUE("patient")
);
--> statement-breakpoint
CREATE TABLE "stay" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"case_id" text NOT NULL,
	"place" text NOT NULL,
	"pool" text,
	"began_at" timestamp with time zone NOT NULL,
	"began_recorded_at" timestamp with time zone NOT NULL,
	"began_recorded_by" text NOT NULL,
	"ended_at" timestamp with time zone,
	"ending" text,
	"ended_recorded_at" timestamp with time zone,
	"ended_recorded_by" text,
	CONSTRAINT "stay_ends_after_it_began" CHECK ("stay"."ended_at" >= "stay"."began_at"),
	CONSTRAINT "stay_ends_as_a_whole" CHECK (("stay"."ended_at" is null) = ("stay"."ending" is null) and ("stay"."ended_at" is null) = ("stay"."ended_recorded_at" is null)),
	CONSTRAINT "stay_ending_is_known" CHECK ("stay"."ending" in ('moved', 'discharged', 'died', 'left'))
);
--> statement-breakpoint
ALTER TABLE "care_case" ADD CONSTRAINT "care_case_unit_reporting_unit_id_fk" FOREIGN KEY ("unit") REFERENCES "public"."reporting_unit"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "care_case" ADD CONSTRAINT "care_case_companion_care_case_id_fk" FOREIGN KEY ("companion") REFERENCES "public"."care_case"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "place" ADD CONSTRAINT "place_unit_reporting_unit_id_fk" FOREIGN KEY ("unit") REFERENCES "public"."reporting_unit"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pool" ADD CONSTRAINT "pool_place_place_id_fk" FOREIGN KEY ("place") REFERENCES "public"."place"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pool" ADD CONSTRAINT "pool_block_at_place" FOREIGN KEY ("block","place") REFERENCES "public"."reserve_block"("id","place") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reserve_block" ADD CONSTRAINT "reserve_block_place_place_id_fk" FOREIGN KEY ("place") REFERENCES "public"."place"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "team" ADD CONSTRAINT "team_station_place_id_fk" FOREIGN KEY ("station") REFERENCES "public"."place"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hold" ADD CONSTRAINT "hold_account" FOREIGN KEY ("book","account") REFERENCES "public"."account"("book","name") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "movement" ADD CONSTRAINT "movement_from_account" FOREIGN KEY ("book","from_account") REFERENCES "public"."account"("book","name") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "movement" ADD CONSTRAINT "movement_to_account" FOREIGN KEY ("book","to_account") REFERENCES "public"."account"("book","name") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan_run_event" ADD CONSTRAINT "plan_run_event_run_plan_run_id_fk" FOREIGN KEY ("run") REFERENCES "public"."plan_run"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "standing_order" ADD CONSTRAINT "standing_order_patient_care_case_id_fk" FOREIGN KEY ("patient") REFERENCES "public"."care_case"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "standing_order" ADD CONSTRAINT "standing_order_pool_pool_id_fk" FOREIGN KEY ("pool") REFERENCES "public"."pool"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stay" ADD CONSTRAINT "stay_case_id_care_case_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."care_case"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stay" ADD CONSTRAINT "stay_place_place_id_fk" FOREIGN KEY ("place") REFERENCES "public"."place"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stay" ADD CONSTRAINT "stay_pool_at_place" FOREIGN KEY ("pool","place") REFERENCES "public"."pool"("id","place") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "idempotency_key_by_time" ON "idempotency_key" USING btree ("at");--> statement-breakpoint
CREATE INDEX "journal_by_subject" ON "journal" USING btree ("kind","subject","seq");--> statement-breakpoint
CREATE INDEX "record_version_by_time" ON "record_version" USING btree ("kind","id","effective_at");--> statement-breakpoint
CREATE UNIQUE INDEX "hold_is_open_once" ON "hold" USING btree ("book","account","purpose") WHERE "hold"."state" = 'open';--> statement-breakpoint
CREATE INDEX "hold_by_account" ON "hold" USING btree ("book","account");--> statement-breakpoint
CREATE INDEX "movement_by_book" ON "movement" USING btree ("book","id");--> statement-breakpoint
CREATE INDEX "plan_run_by_time" ON "plan_run" USING btree ("requested_at","id");--> statement-breakpoint
CREATE INDEX "stay_by_place" ON "stay" USING btree ("place","pool");--> statement-breakpoint
CREATE INDEX "stay_that_is_open" ON "stay" USING btree ("case_id") WHERE "stay"."ended_at" is null;