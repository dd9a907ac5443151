DROP INDEX "grabs_following";--> statement-breakpoint
ALTER TABLE "search_registry" ADD COLUMN "failed_on" text;--> statement-breakpoint
CREATE INDEX "grabs_following" ON "grabs" USING btree ("connector_id") WHERE "grabs"."result" in ('following', 'manual');