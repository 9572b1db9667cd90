CREATE TABLE "allocation_event" (
	"order_id" text NOT NULL,
	"seq" integer NOT NULL,
	"step" text NOT NULL,
	"state" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"recorded_by" text NOT NULL,
	"note" text,
	"details" jsonb NOT NULL,
	CONSTRAINT "allocation_event_order_id_seq_pk" PRIMARY KEY("order_id","seq"),
	CONSTRAINT "allocation_event_counts_from_one" CHECK ("allocation_event"."seq" >= 1)
);
--> statement-breakpoint
CREATE TABLE "allocation_line" (
	"order_id" text NOT NULL,
	"seq" integer NOT NULL,
	"item" text NOT NULL,
	"lot" text NOT NULL,
	"ordered" integer NOT NULL,
	"shipped" integer,
	"accepted" integer,
	"damaged" integer,
	"missing" integer,
	"difference" text,
	"substitute_for" text,
	CONSTRAINT "allocation_line_order_id_seq_pk" PRIMARY KEY("order_id","seq"),
	CONSTRAINT "allocation_line_is_of_something" CHECK ("allocation_line"."ordered" > 0),
	CONSTRAINT "allocation_line_ships_no_more" CHECK ("allocation_line"."shipped" between 0 and "allocation_line"."ordered"),
	CONSTRAINT "allocation_line_adds_up" CHECK (num_nulls("allocation_line"."accepted", "allocation_line"."damaged", "allocation_line"."missing") in (0, 3)
    and least("allocation_line"."accepted", "allocation_line"."damaged", "allocation_line"."missing") >= 0 and "allocation_line"."accepted" + "allocation_line"."damaged" + "allocation_line"."missing" = "allocation_line"."shipped"),
	CONSTRAINT "allocation_line_says_why" CHECK ((coalesce("allocation_line"."damaged", 0) + coalesce("allocation_line"."missing", 0) > 0) = ("allocation_line"."difference" is not null))
);
--> statement-breakpoint
CREATE TABLE "allocation_order" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"state" text NOT NULL,
	"kind" text NOT NULL,
	"run" text,
	"request" text,
	"from_place" text,
	"to_place" text NOT NULL,
	"leaves_on" text NOT NULL,
	"arrives_on" text NOT NULL,
	"reason" text,
	"phone" jsonb,
	"confirmed_at" timestamp with time zone,
	"confirmed_by" text,
	"vehicle" text,
	"carrier" text,
	"issued_at" timestamp with time zone NOT NULL,
	"issued_by" text NOT NULL,
	"shipped_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	CONSTRAINT "allocation_order_state_is_known" CHECK ("allocation_order"."state" in ('issued', 'shipped', 'received', 'cancelled', 'lost')),
	CONSTRAINT "allocation_order_kind_is_known" CHECK ("allocation_order"."kind" in ('plan', 'allocation', 'loan', 'giveBack')),
	CONSTRAINT "allocation_order_goes_elsewhere" CHECK ("allocation_order"."from_place" <> "allocation_order"."to_place"),
	CONSTRAINT "allocation_order_is_of_its_plan" CHECK (("allocation_order"."kind" = 'plan') = ("allocation_order"."run" is not null)),
	CONSTRAINT "allocation_order_ends_as_a_whole" CHECK (("allocation_order"."state" in ('received', 'cancelled', 'lost')) = ("allocation_order"."ended_at" is not null)),
	CONSTRAINT "allocation_order_is_shipped_before_it_comes" CHECK (("allocation_order"."state" in ('shipped', 'received', 'lost')) = ("allocation_order"."shipped_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "issued_allocation" (
	"run" text PRIMARY KEY NOT NULL,
	"maker" text NOT NULL,
	"approved_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"approved_by" text NOT NULL,
	"phone" jsonb,
	"confirmed_at" timestamp with time zone,
	"confirmed_by" text,
	"note" text,
	"struck" jsonb NOT NULL,
	CONSTRAINT "issued_allocation_is_approved_by_another" CHECK ("issued_allocation"."maker" <> "issued_allocation"."approved_by" and "issued_allocation"."maker" <> coalesce("issued_allocation"."confirmed_by", '')),
	CONSTRAINT "issued_allocation_is_confirmed_after_a_call" CHECK (("issued_allocation"."confirmed_at" is null) = ("issued_allocation"."confirmed_by" is null) and ("issued_allocation"."confirmed_at" is null or "issued_allocation"."phone" is not null))
);
--> statement-breakpoint
CREATE TABLE "equipment" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"body" jsonb NOT NULL,
	"effective_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"recorded_by" text NOT NULL,
	"place" text GENERATED ALWAYS AS ((body ->> 'place')) STORED NOT NULL
);
--> statement-breakpoint
CREATE TABLE "expected_supply" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"body" jsonb NOT NULL,
	"effective_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"recorded_by" text NOT NULL,
	"place" text GENERATED ALWAYS AS ((body ->> 'place')) STORED NOT NULL,
	"item" text GENERATED ALWAYS AS ((body ->> 'item')) STORED NOT NULL
);
--> statement-breakpoint
CREATE TABLE "item" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"body" jsonb NOT NULL,
	"effective_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"recorded_by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "item_code" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"body" jsonb NOT NULL,
	"effective_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"recorded_by" text NOT NULL,
	"item" text GENERATED ALWAYS AS ((body ->> 'item')) STORED NOT NULL,
	"system" text GENERATED ALWAYS AS ((body ->> 'system')) STORED NOT NULL,
	"code" text GENERATED ALWAYS AS ((body ->> 'code')) STORED NOT NULL,
	CONSTRAINT "item_code_means_one_thing" UNIQUE("system","code")
);
--> statement-breakpoint
CREATE TABLE "kit_part" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"body" jsonb NOT NULL,
	"effective_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"recorded_by" text NOT NULL,
	"item" text GENERATED ALWAYS AS ((body ->> 'item')) STORED NOT NULL,
	"kit" text GENERATED ALWAYS AS ((body ->> 'kit')) STORED NOT NULL,
	CONSTRAINT "kit_part_stands_once" UNIQUE("kit","item")
);
--> statement-breakpoint
CREATE TABLE "material_request" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"state" text NOT NULL,
	"place" text NOT NULL,
	"item" text NOT NULL,
	"urgency" text NOT NULL,
	"asked" integer NOT NULL,
	"need" integer,
	"recommended" integer,
	"approved" integer,
	"reason" text,
	"asked_at" timestamp with time zone NOT NULL,
	"asked_by" text NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"recommended_at" timestamp with time zone,
	"recommended_by" text,
	"answered_at" timestamp with time zone,
	"answered_by" text,
	"answer" text,
	CONSTRAINT "material_request_state_is_known" CHECK ("material_request"."state" in ('open', 'approved', 'refused', 'withdrawn')),
	CONSTRAINT "material_request_is_of_something" CHECK ("material_request"."asked" > 0 and coalesce("material_request"."approved", 1) > 0),
	CONSTRAINT "material_request_is_answered_as_a_whole" CHECK (("material_request"."state" = 'open') = ("material_request"."answered_at" is null) and ("material_request"."answered_at" is null) = ("material_request"."answered_by" is null)),
	CONSTRAINT "material_request_approves_so_many" CHECK (("material_request"."state" = 'approved') = ("material_request"."approved" is not null))
);
--> statement-breakpoint
CREATE TABLE "norm" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"body" jsonb NOT NULL,
	"effective_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"recorded_by" text NOT NULL,
	"item" text GENERATED ALWAYS AS ((body ->> 'item')) STORED NOT NULL
);
--> statement-breakpoint
CREATE TABLE "packing" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"body" jsonb NOT NULL,
	"effective_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"recorded_by" text NOT NULL,
	"item" text GENERATED ALWAYS AS ((body ->> 'item')) STORED NOT NULL,
	"packing" text GENERATED ALWAYS AS ((body ->> 'packing')) STORED NOT NULL,
	CONSTRAINT "packing_stands_once" UNIQUE("item","packing")
);
--> statement-breakpoint
CREATE TABLE "receiver" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"body" jsonb NOT NULL,
	"effective_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"recorded_by" text NOT NULL,
	"place" text GENERATED ALWAYS AS ((body ->> 'place')) STORED NOT NULL,
	CONSTRAINT "receiver_stands_once" UNIQUE("place")
);
--> statement-breakpoint
CREATE TABLE "reported_use" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"body" jsonb NOT NULL,
	"effective_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"recorded_by" text NOT NULL,
	"place" text GENERATED ALWAYS AS ((body ->> 'place')) STORED NOT NULL,
	"item" text GENERATED ALWAYS AS ((body ->> 'item')) STORED NOT NULL,
	CONSTRAINT "reported_use_stands_once" UNIQUE("place","item")
);
--> statement-breakpoint
CREATE TABLE "staff_on_shift" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"body" jsonb NOT NULL,
	"effective_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"recorded_by" text NOT NULL,
	"place" text GENERATED ALWAYS AS ((body ->> 'place')) STORED NOT NULL
);
--> statement-breakpoint
CREATE TABLE "stock_lot" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"body" jsonb NOT NULL,
	"effective_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"recorded_by" text NOT NULL,
	"place" text GENERATED ALWAYS AS ((body ->> 'place')) STORED NOT NULL,
	"item" text GENERATED ALWAYS AS ((body ->> 'item')) STORED NOT NULL
);
--> statement-breakpoint
CREATE TABLE "stock_note" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"place" text NOT NULL,
	"item" text,
	"party" text,
	"note" text,
	"reverses" text,
	"effective_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"recorded_by" text NOT NULL,
	CONSTRAINT "stock_note_reversal_names_a_note" CHECK (("stock_note"."kind" = 'reversal') = ("stock_note"."reverses" is not null)),
	CONSTRAINT "stock_note_counts_an_item" CHECK (("stock_note"."kind" = 'stocktake') = ("stock_note"."item" is not null)),
	CONSTRAINT "stock_note_kind_is_known" CHECK ("stock_note"."kind" in ('receipt', 'return', 'consumption', 'loss', 'damage', 'expiry', 'stocktake', 'reversal'))
);
--> statement-breakpoint
CREATE TABLE "stock_source" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"body" jsonb NOT NULL,
	"effective_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"recorded_by" text NOT NULL,
	"place" text GENERATED ALWAYS AS ((body ->> 'place')) STORED NOT NULL,
	CONSTRAINT "stock_source_stands_once" UNIQUE("place")
);
--> statement-breakpoint
CREATE TABLE "substitute" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"body" jsonb NOT NULL,
	"effective_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"recorded_by" text NOT NULL,
	"item" text GENERATED ALWAYS AS ((body ->> 'item')) STORED NOT NULL,
	"substitute" text GENERATED ALWAYS AS ((body ->> 'substitute')) STORED NOT NULL,
	"in_order" text GENERATED ALWAYS AS ((body ->> 'order')) STORED NOT NULL,
	CONSTRAINT "substitute_has_its_turn" UNIQUE("item","in_order"),
	CONSTRAINT "substitute_stands_once" UNIQUE("item","substitute")
);
--> statement-breakpoint
ALTER TABLE "allocation_event" ADD CONSTRAINT "allocation_event_order_id_allocation_order_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."allocation_order"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "allocation_line" ADD CONSTRAINT "allocation_line_order_id_allocation_order_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."allocation_order"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "allocation_line" ADD CONSTRAINT "allocation_line_item_item_id_fk" FOREIGN KEY ("item") REFERENCES "public"."item"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "allocation_line" ADD CONSTRAINT "allocation_line_lot_stock_lot_id_fk" FOREIGN KEY ("lot") REFERENCES "public"."stock_lot"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "allocation_line" ADD CONSTRAINT "allocation_line_substitute_for_item_id_fk" FOREIGN KEY ("substitute_for") REFERENCES "public"."item"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "allocation_order" ADD CONSTRAINT "allocation_order_run_issued_allocation_run_fk" FOREIGN KEY ("run") REFERENCES "public"."issued_allocation"("run") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "allocation_order" ADD CONSTRAINT "allocation_order_request_material_request_id_fk" FOREIGN KEY ("request") REFERENCES "public"."material_request"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "allocation_order" ADD CONSTRAINT "allocation_order_from_place_place_id_fk" FOREIGN KEY ("from_place") REFERENCES "public"."place"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "allocation_order" ADD CONSTRAINT "allocation_order_to_place_place_id_fk" FOREIGN KEY ("to_place") REFERENCES "public"."place"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "issued_allocation" ADD CONSTRAINT "issued_allocation_run_plan_run_id_fk" FOREIGN KEY ("run") REFERENCES "public"."plan_run"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "equipment" ADD CONSTRAINT "equipment_place_place_id_fk" FOREIGN KEY ("place") REFERENCES "public"."place"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "expected_supply" ADD CONSTRAINT "expected_supply_place_place_id_fk" FOREIGN KEY ("place") REFERENCES "public"."place"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "expected_supply" ADD CONSTRAINT "expected_supply_item_item_id_fk" FOREIGN KEY ("item") REFERENCES "public"."item"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "item_code" ADD CONSTRAINT "item_code_item_item_id_fk" FOREIGN KEY ("item") REFERENCES "public"."item"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "kit_part" ADD CONSTRAINT "kit_part_item_item_id_fk" FOREIGN KEY ("item") REFERENCES "public"."item"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "material_request" ADD CONSTRAINT "material_request_place_place_id_fk" FOREIGN KEY ("place") REFERENCES "public"."place"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "material_request" ADD CONSTRAINT "material_request_item_item_id_fk" FOREIGN KEY ("item") REFERENCES "public"."item"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "norm" ADD CONSTRAINT "norm_item_item_id_fk" FOREIGN KEY ("item") REFERENCES "public"."item"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "packing" ADD CONSTRAINT "packing_item_item_id_fk" FOREIGN KEY ("item") REFERENCES "public"."item"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "receiver" ADD CONSTRAINT "receiver_place_place_id_fk" FOREIGN KEY ("place") REFERENCES "public"."place"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reported_use" ADD CONSTRAINT "reported_use_place_place_id_fk" FOREIGN KEY ("place") REFERENCES "public"."place"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reported_use" ADD CONSTRAINT "reported_use_item_item_id_fk" FOREIGN KEY ("item") REFERENCES "public"."item"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff_on_shift" ADD CONSTRAINT "staff_on_shift_place_place_id_fk" FOREIGN KEY ("place") REFERENCES "public"."place"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stock_lot" ADD CONSTRAINT "stock_lot_place_place_id_fk" FOREIGN KEY ("place") REFERENCES "public"."place"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stock_lot" ADD CONSTRAINT "stock_lot_item_item_id_fk" FOREIGN KEY ("item") REFERENCES "public"."item"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stock_note" ADD CONSTRAINT "stock_note_place_place_id_fk" FOREIGN KEY ("place") REFERENCES "public"."place"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stock_note" ADD CONSTRAINT "stock_note_item_item_id_fk" FOREIGN KEY ("item") REFERENCES "public"."item"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stock_note" ADD CONSTRAINT "stock_note_reverses_a_note" FOREIGN KEY ("reverses") REFERENCES "public"."stock_note"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stock_source" ADD CONSTRAINT "stock_source_place_place_id_fk" FOREIGN KEY ("place") REFERENCES "public"."place"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "substitute" ADD CONSTRAINT "substitute_item_item_id_fk" FOREIGN KEY ("item") REFERENCES "public"."item"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "substitute" ADD CONSTRAINT "substitute_substitute_item_id_fk" FOREIGN KEY ("substitute") REFERENCES "public"."item"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "allocation_event_by_time" ON "allocation_event" USING btree ("at");--> statement-breakpoint
CREATE INDEX "allocation_line_by_lot" ON "allocation_line" USING btree ("lot");--> statement-breakpoint
CREATE INDEX "allocation_order_by_run" ON "allocation_order" USING btree ("run");--> statement-breakpoint
CREATE INDEX "material_request_by_place" ON "material_request" USING btree ("place","asked_at");--> statement-breakpoint
CREATE UNIQUE INDEX "stock_note_is_reversed_once" ON "stock_note" USING btree ("reverses");--> statement-breakpoint
CREATE INDEX "stock_note_by_place" ON "stock_note" USING btree ("place","effective_at");--> statement-breakpoint
CREATE INDEX "movement_by_subject" ON "movement" USING btree ("subject");