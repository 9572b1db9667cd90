ALTER TABLE "journal" ADD COLUMN "xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL;--> statement-breakpoint
CREATE INDEX "journal_by_commit" ON "journal" USING btree ("xid","seq");