ALTER TABLE "jobs" ADD COLUMN "args" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "runner" text;--> statement-breakpoint
ALTER TABLE "sync_runs" ADD COLUMN "runner" text;--> statement-breakpoint
CREATE INDEX "jobs_open" ON "jobs" USING btree ("connector_id") WHERE "jobs"."status" in ('queued', 'running');--> statement-breakpoint
CREATE INDEX "sync_runs_open" ON "sync_runs" USING btree ("connector_id") WHERE "sync_runs"."ended_at" is null;