ALTER TABLE "series" ADD COLUMN "content_hash" text;--> statement-breakpoint
ALTER TABLE "series" ADD COLUMN "list_fingerprint" text;--> statement-breakpoint
CREATE INDEX "episodes_without_file" ON "episodes" USING btree ("connector_id","air_date_utc") WHERE "episodes"."file_arr_id" = 0 and "episodes"."monitored";