CREATE TABLE "dispatch_desk" (
	"only" boolean PRIMARY KEY DEFAULT true NOT NULL,
	CONSTRAINT "dispatch_desk_is_one" CHECK ("dispatch_desk"."only")
);
--> statement-breakpoint
CREATE TABLE "issued_plan" (
	"id" text PRIMARY KEY NOT NULL,
	"run" text,
	"version" integer NOT NULL,
	"state" text NOT NULL,
	"maker" text,
	"approved_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"approved_by" text NOT NULL,
	"phone" jsonb,
	"confirmed_at" timestamp with time zone,
	"confirmed_by" text,
	"note" text,
	"struck" jsonb NOT NULL,
	"opened" jsonb NOT NULL,
	"ended_at" timestamp with time zone,
	"ended_by" text,
	CONSTRAINT "issued_plan_state_is_known" CHECK ("issued_plan"."state" in ('approved', 'superseded', 'withdrawn')),
	CONSTRAINT "issued_plan_is_approved_by_another" CHECK ("issued_plan"."maker" <> "issued_plan"."approved_by" and "issued_plan"."maker" <> coalesce("issued_plan"."confirmed_by", '')),
	CONSTRAINT "issued_plan_ends_as_a_whole" CHECK (("issued_plan"."state" = 'approved') = ("issued_plan"."ended_at" is null) and ("issued_plan"."ended_at" is null) = ("issued_plan"."ended_by" is null)),
	CONSTRAINT "issued_plan_is_confirmed_after_a_call" CHECK (("issued_plan"."confirmed_at" is null) = ("issued_plan"."confirmed_by" is null) and ("issued_plan"."confirmed_at" is null or "issued_plan"."phone" is not null))
);
--> statement-breakpoint
CREATE TABLE "order_event" (
	"order_id" text NOT NULL,
	"seq" integer NOT NULL,
	"step" text NOT NULL,
	"state" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"recorded_by" text NOT NULL,
	"pool" text NOT NULL,
	"vehicle" text,
	"leaves_base" timestamp with time zone,
	"returns" timestamp with time zone,
	"deadline" timestamp with time zone,
	"note" text,
	"details" jsonb NOT NULL,
	CONSTRAINT "order_event_order_id_seq_pk" PRIMARY KEY("order_id","seq"),
	CONSTRAINT "order_event_counts_from_one" CHECK ("order_event"."seq" >= 1)
);
--> statement-breakpoint
CREATE TABLE "plan_line" (
	"plan" text NOT NULL,
	"patient" text NOT NULL,
	"body" jsonb NOT NULL,
	CONSTRAINT "plan_line_plan_patient_pk" PRIMARY KEY("plan","patient")
);
--> statement-breakpoint
CREATE TABLE "relief" (
	"order_id" text PRIMARY KEY NOT NULL,
	"pool" text NOT NULL,
	"beds" integer NOT NULL,
	"reason" text NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"upheld_by" text NOT NULL,
	"lifted_at" timestamp with time zone,
	"lifted_by" text,
	CONSTRAINT "relief_is_positive" CHECK ("relief"."beds" > 0),
	CONSTRAINT "relief_is_lifted_as_a_whole" CHECK (("relief"."lifted_at" is null) = ("relief"."lifted_by" is null))
);
--> statement-breakpoint
CREATE TABLE "transfer_order" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"state" text NOT NULL,
	"patient" text NOT NULL,
	"severity" text NOT NULL,
	"from_place" text NOT NULL,
	"from_pool" text,
	"to_place" text NOT NULL,
	"pool" text NOT NULL,
	"plan" text,
	"reason" text,
	"phone" jsonb,
	"confirmed_at" timestamp with time zone,
	"confirmed_by" text,
	"trip" text,
	"vehicle" text,
	"crew" text,
	"travel_minutes" integer NOT NULL,
	"leaves_base" timestamp with time zone,
	"departs" timestamp with time zone,
	"arrives" timestamp with time zone,
	"returns" timestamp with time zone,
	"answer_by" timestamp with time zone,
	"deadline" timestamp with time zone,
	"requested_at" timestamp with time zone,
	"issued_at" timestamp with time zone NOT NULL,
	"issued_by" text NOT NULL,
	"dispatched_at" timestamp with time zone,
	"arrived_at" timestamp with time zone,
	"handover" jsonb,
	"brought" jsonb,
	CONSTRAINT "transfer_order_state_is_known" CHECK ("transfer_order"."state" in
    ('issued', 'accepted', 'reliefAsked', 'dispatched', 'arrived', 'closed', 'relieved', 'cancelled', 'unwilling', 'expired', 'died')),
	CONSTRAINT "transfer_order_on_the_road_has_no_deadline" CHECK ("transfer_order"."state" <> 'dispatched' or "transfer_order"."deadline" is null),
	CONSTRAINT "transfer_order_is_handed_over" CHECK (("transfer_order"."state" in ('arrived', 'closed')) = ("transfer_order"."handover" is not null))
);
--> statement-breakpoint
ALTER TABLE "issued_plan" ADD CONSTRAINT "issued_plan_run_plan_run_id_fk" FOREIGN KEY ("run") REFERENCES "public"."plan_run"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "order_event" ADD CONSTRAINT "order_event_order_id_transfer_order_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."transfer_order"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan_line" ADD CONSTRAINT "plan_line_plan_issued_plan_id_fk" FOREIGN KEY ("plan") REFERENCES "public"."issued_plan"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "relief" ADD CONSTRAINT "relief_order_id_transfer_order_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."transfer_order"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "relief" ADD CONSTRAINT "relief_pool_pool_id_fk" FOREIGN KEY ("pool") REFERENCES "public"."pool"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "transfer_order" ADD CONSTRAINT "transfer_order_patient_care_case_id_fk" FOREIGN KEY ("patient") REFERENCES "public"."care_case"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "transfer_order" ADD CONSTRAINT "transfer_order_from_place_place_id_fk" FOREIGN KEY ("from_place") REFERENCES "public"."place"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "transfer_order" ADD CONSTRAINT "transfer_order_plan_issued_plan_id_fk" FOREIGN KEY ("plan") REFERENCES "public"."issued_plan"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "transfer_order" ADD CONSTRAINT "transfer_order_pool_at_place" FOREIGN KEY ("pool","to_place") REFERENCES "public"."pool"("id","place") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "issued_plan_is_one_a_run" ON "issued_plan" USING btree ("run");--> statement-breakpoint
CREATE UNIQUE INDEX "issued_plan_is_one_in_force" ON "issued_plan" USING btree ("state") WHERE "issued_plan"."state" = 'approved';--> statement-breakpoint
CREATE UNIQUE INDEX "transfer_order_is_one_a_person" ON "transfer_order" USING btree ("patient") WHERE "transfer_order"."state" in ('issued', 'accepted', 'reliefAsked', 'dispatched');--> statement-breakpoint
CREATE INDEX "transfer_order_by_deadline" ON "transfer_order" USING btree ("deadline");--> statement-breakpoint
CREATE INDEX "transfer_order_by_plan" ON "transfer_order" USING btree ("plan");