CREATE INDEX "care_case_that_waits" ON "care_case" USING btree ("id") WHERE "care_case"."body" ->> 'waitingSince' is not null;--> statement-breakpoint
CREATE INDEX "issued_plan_by_struck" ON "issued_plan" USING gin ("struck" jsonb_path_ops);--> statement-breakpoint
CREATE INDEX "transfer_order_by_patient" ON "transfer_order" USING btree ("patient","issued_at");