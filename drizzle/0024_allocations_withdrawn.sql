ALTER TABLE "issued_allocation" ADD COLUMN "withdrawn_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "issued_allocation" ADD COLUMN "withdrawn_by" text;--> statement-breakpoint
ALTER TABLE "issued_allocation" ADD COLUMN "withdrawal_reason" text;--> statement-breakpoint
ALTER TABLE "issued_allocation" ADD CONSTRAINT "issued_allocation_is_withdrawn_as_a_whole" CHECK (num_nulls("issued_allocation"."withdrawn_at", "issued_allocation"."withdrawn_by", "issued_allocation"."withdrawal_reason") in (0, 3));--> statement-breakpoint
ALTER TABLE "issued_allocation" ADD CONSTRAINT "issued_allocation_is_withdrawn_last" CHECK ("issued_allocation"."withdrawn_at" >= greatest("issued_allocation"."recorded_at", "issued_allocation"."confirmed_at"));