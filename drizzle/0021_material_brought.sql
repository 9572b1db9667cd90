ALTER TABLE "allocation_order" ADD COLUMN "brought" jsonb;--> statement-breakpoint
ALTER TABLE "material_request" ADD COLUMN "brought" jsonb;