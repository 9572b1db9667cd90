CREATE TABLE "contact" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"body" jsonb NOT NULL,
	"effective_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"recorded_by" text NOT NULL,
	"unit" text GENERATED ALWAYS AS ((body ->> 'unit')) STORED NOT NULL,
	"site" text GENERATED ALWAYS AS ((body ->> 'site')) STORED,
	"case" text GENERATED ALWAYS AS ((body ->> 'case')) STORED,
	CONSTRAINT "contact_becomes_a_case_once" UNIQUE("case")
);
--> statement-breakpoint
CREATE TABLE "isolation_stay" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"contact_id" text NOT NULL,
	"place" text NOT NULL,
	"pool" text NOT NULL,
	"began_at" timestamp with time zone NOT NULL,
	"began_recorded_at" timestamp with time zone NOT NULL,
	"began_recorded_by" text NOT NULL,
	"ended_at" timestamp with time zone,
	"ending" text,
	"ended_recorded_at" timestamp with time zone,
	"ended_recorded_by" text,
	CONSTRAINT "isolation_stay_ends_after_it_began" CHECK ("isolation_stay"."ended_at" >= "isolation_stay"."began_at"),
	CONSTRAINT "isolation_stay_ends_as_a_whole" CHECK (("isolation_stay"."ended_at" is null) = ("isolation_stay"."ending" is null) and ("isolation_stay"."ended_at" is null) = ("isolation_stay"."ended_recorded_at" is null)),
	CONSTRAINT "isolation_stay_ending_is_known" CHECK ("isolation_stay"."ending" in ('moved', 'released', 'positive', 'hospitalised', 'left', 'died'))
);
--> statement-breakpoint
CREATE TABLE "observation" (
	"contact_id" text NOT NULL,
	"day" date NOT NULL,
	"half" text NOT NULL,
	"temperature_tenths" integer,
	"symptoms" jsonb NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"recorded_by" text NOT NULL,
	CONSTRAINT "observation_contact_id_day_half_pk" PRIMARY KEY("contact_id","day","half"),
	CONSTRAINT "observation_half_is_known" CHECK ("observation"."half" in ('morning', 'evening')),
	CONSTRAINT "observation_says_something" CHECK (("observation"."temperature_tenths" is not null and "observation"."temperature_tenths" between 340 and 430) or ("observation"."temperature_tenths" is null and "observation"."symptoms" <> '[]'::jsonb))
);
--> statement-breakpoint
ALTER TABLE "contact" ADD CONSTRAINT "contact_unit_reporting_unit_id_fk" FOREIGN KEY ("unit") REFERENCES "public"."reporting_unit"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contact" ADD CONSTRAINT "contact_site_place_id_fk" FOREIGN KEY ("site") REFERENCES "public"."place"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contact" ADD CONSTRAINT "contact_case_care_case_id_fk" FOREIGN KEY ("case") REFERENCES "public"."care_case"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "isolation_stay" ADD CONSTRAINT "isolation_stay_contact_id_contact_id_fk" FOREIGN KEY ("contact_id") REFERENCES "public"."contact"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "isolation_stay" ADD CONSTRAINT "isolation_stay_pool_at_place" FOREIGN KEY ("pool","place") REFERENCES "public"."pool"("id","place") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "observation" ADD CONSTRAINT "observation_contact_id_contact_id_fk" FOREIGN KEY ("contact_id") REFERENCES "public"."contact"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "isolation_stay_by_place" ON "isolation_stay" USING btree ("place","pool");--> statement-breakpoint
CREATE INDEX "isolation_stay_that_is_open" ON "isolation_stay" USING btree ("contact_id") WHERE "isolation_stay"."ended_at" is null;