DROP TABLE "last_plan" CASCADE;--> statement-breakpoint
DROP TABLE "standing_order" CASCADE;