CREATE TABLE "daily_report" (
	"id" text PRIMARY KEY NOT NULL,
	"number" integer NOT NULL,
	"frozen_at" timestamp with time zone NOT NULL,
	"signatory" text NOT NULL,
	"content" text NOT NULL,
	"content_hash" text NOT NULL,
	"day" text GENERATED ALWAYS AS (((content::jsonb) ->> 'day')) STORED NOT NULL,
	"cut_off" text GENERATED ALWAYS AS (((content::jsonb) ->> 'cutOff')) STORED NOT NULL,
	"year" text GENERATED ALWAYS AS (left((content::jsonb) ->> 'day', 4)) STORED NOT NULL,
	CONSTRAINT "daily_report_number_stands_once" UNIQUE("year","number"),
	CONSTRAINT "daily_report_counts_from_one" CHECK ("daily_report"."number" >= 1),
	CONSTRAINT "daily_report_cut_off_is_known" CHECK ("daily_report"."cut_off" in ('noon', 'midnight')),
	CONSTRAINT "daily_report_id_says_of_when" CHECK ("daily_report"."id" = "daily_report"."day" || '-' || "daily_report"."cut_off"),
	CONSTRAINT "daily_report_is_frozen_after_its_cut_off" CHECK ("daily_report"."frozen_at" >=
    ("daily_report"."day" || case "daily_report"."cut_off" when 'noon' then ' 12:00' else ' 24:00' end || '+08')::timestamptz),
	CONSTRAINT "daily_report_hash_is_of_its_content" CHECK (content_hash = encode(sha256(convert_to(content, 'UTF8')), 'hex'))
);
--> statement-breakpoint
CREATE TABLE "shift_handover" (
	"id" text PRIMARY KEY NOT NULL,
	"given_at" timestamp with time zone NOT NULL,
	"given_by" text NOT NULL,
	"content" text NOT NULL,
	"content_hash" text NOT NULL,
	"place" text GENERATED ALWAYS AS (((content::jsonb) ->> 'place')) STORED,
	"taken_at" timestamp with time zone,
	"taken_by" text,
	CONSTRAINT "shift_handover_hash_is_of_its_content" CHECK (content_hash = encode(sha256(convert_to(content, 'UTF8')), 'hex')),
	CONSTRAINT "shift_handover_is_taken_as_a_whole" CHECK (("shift_handover"."taken_at" is null) = ("shift_handover"."taken_by" is null)),
	CONSTRAINT "shift_handover_is_taken_by_another" CHECK ("shift_handover"."taken_by" <> "shift_handover"."given_by"),
	CONSTRAINT "shift_handover_is_taken_after_it_was_given" CHECK ("shift_handover"."taken_at" >= "shift_handover"."given_at")
);
--> statement-breakpoint
ALTER TABLE "shift_handover" ADD CONSTRAINT "shift_handover_place_place_id_fk" FOREIGN KEY ("place") REFERENCES "public"."place"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "shift_handover_not_taken" ON "shift_handover" USING btree ("given_at") WHERE "shift_handover"."taken_at" is null;--> statement-breakpoint
CREATE INDEX "record_version_by_effect" ON "record_version" USING btree ("kind","effective_at");--> statement-breakpoint
CREATE INDEX "order_event_by_time" ON "order_event" USING btree ("at");--> statement-breakpoint
CREATE INDEX "order_event_by_telling" ON "order_event" USING btree ("recorded_at");--> statement-breakpoint
CREATE INDEX "movement_by_effect" ON "movement" USING btree ("effective_at");--> statement-breakpoint
CREATE INDEX "isolation_stay_by_span" ON "isolation_stay" USING gist (tstzrange("began_at", greatest("ended_at", "ended_recorded_at"), '[]'));--> statement-breakpoint
CREATE INDEX "stay_by_span" ON "stay" USING gist (tstzrange("began_at", greatest("ended_at", "ended_recorded_at"), '[]'));