CREATE TABLE "store_mark" (
	"only" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"is_drill" boolean NOT NULL,
	"marked_at" timestamp with time zone NOT NULL,
	CONSTRAINT "store_mark_is_one" CHECK ("store_mark"."only")
);
--> statement-breakpoint
ALTER TABLE "order_event" ALTER COLUMN "pool" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "transfer_order" ALTER COLUMN "to_place" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "transfer_order" ALTER COLUMN "pool" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "transfer_order" ALTER COLUMN "travel_minutes" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "order_event" ADD COLUMN "outside" text;--> statement-breakpoint
ALTER TABLE "transfer_order" ADD COLUMN "outside" text;--> statement-breakpoint
ALTER TABLE "transfer_order" ADD CONSTRAINT "transfer_order_leads_to_one_place" CHECK (num_nonnulls("transfer_order"."pool", "transfer_order"."outside") = 1 and ("transfer_order"."pool" is null) = ("transfer_order"."to_place" is null));