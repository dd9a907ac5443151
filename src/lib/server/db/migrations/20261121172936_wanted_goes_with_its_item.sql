ALTER TABLE "wanted" DROP CONSTRAINT "wanted_connector_id_connectors_id_fk";
--> statement-breakpoint
ALTER TABLE "wanted" DROP CONSTRAINT "wanted_episode_id_episodes_id_fk";
--> statement-breakpoint
ALTER TABLE "wanted" DROP CONSTRAINT "wanted_movie_id_movies_id_fk";
--> statement-breakpoint
DROP INDEX "wanted_episode_key";--> statement-breakpoint
DROP INDEX "wanted_movie_key";--> statement-breakpoint
CREATE UNIQUE INDEX "wanted_episode_key" ON "wanted" USING btree ("episode_id") WHERE "wanted"."episode_id" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "wanted_movie_key" ON "wanted" USING btree ("movie_id") WHERE "wanted"."movie_id" is not null;--> statement-breakpoint
CREATE FUNCTION "rows_of_episodes_go"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	DELETE FROM "wanted" WHERE "episode_id" IN (SELECT "id" FROM "gone");
	RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER "rows_go_with_episodes" AFTER DELETE ON "episodes" REFERENCING OLD TABLE AS "gone"
	FOR EACH STATEMENT EXECUTE FUNCTION "rows_of_episodes_go"();--> statement-breakpoint
CREATE OR REPLACE FUNCTION "rows_of_movies_go"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	DELETE FROM "files" WHERE "movie_id" IN (SELECT "id" FROM "gone");
	DELETE FROM "wanted" WHERE "movie_id" IN (SELECT "id" FROM "gone");
	RETURN NULL;
END $$;
