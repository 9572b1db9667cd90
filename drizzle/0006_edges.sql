ALTER TABLE "plan_run" ADD COLUMN "tries" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "journal_by_actor" ON "journal" USING btree ("actor","seq");--> statement-breakpoint
CREATE INDEX "journal_by_time" ON "journal" USING btree ("at","seq");--> statement-breakpoint
CREATE INDEX "plan_run_that_waits" ON "plan_run" USING btree ("requested_at","id") WHERE "plan_run"."state" in ('queued', 'running');