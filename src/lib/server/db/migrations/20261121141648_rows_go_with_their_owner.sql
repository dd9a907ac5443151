ALTER TABLE "episodes" DROP CONSTRAINT "episodes_series_id_series_id_fk";
--> statement-breakpoint
ALTER TABLE "files" DROP CONSTRAINT "files_series_id_series_id_fk";
--> statement-breakpoint
ALTER TABLE "files" DROP CONSTRAINT "files_movie_id_movies_id_fk";
--> statement-breakpoint
ALTER TABLE "seasons" DROP CONSTRAINT "seasons_connector_id_connectors_id_fk";
--> statement-breakpoint
ALTER TABLE "seasons" DROP CONSTRAINT "seasons_series_id_series_id_fk";
--> statement-breakpoint
DROP INDEX "episodes_by_season";--> statement-breakpoint
DROP INDEX "episodes_by_connector";--> statement-breakpoint
DROP INDEX "files_by_series";--> statement-breakpoint
DROP INDEX "files_by_movie";--> statement-breakpoint
CREATE INDEX "episodes_not_present" ON "episodes" USING btree ("connector_id") WHERE "episodes"."presence" <> 'present';--> statement-breakpoint
CREATE INDEX "files_by_series" ON "files" USING btree ("series_id") WHERE "files"."series_id" is not null;--> statement-breakpoint
CREATE INDEX "files_by_movie" ON "files" USING btree ("movie_id") WHERE "files"."movie_id" is not null;
--> statement-breakpoint
CREATE FUNCTION "rows_of_series_go"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	DELETE FROM "episodes" WHERE "series_id" IN (SELECT "id" FROM "gone");
	DELETE FROM "seasons" WHERE "series_id" IN (SELECT "id" FROM "gone");
	DELETE FROM "files" WHERE "series_id" IN (SELECT "id" FROM "gone");
	RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER "rows_go_with_series" AFTER DELETE ON "series" REFERENCING OLD TABLE AS "gone"
	FOR EACH STATEMENT EXECUTE FUNCTION "rows_of_series_go"();--> statement-breakpoint
CREATE FUNCTION "rows_of_movies_go"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	DELETE FROM "files" WHERE "movie_id" IN (SELECT "id" FROM "gone");
	RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER "rows_go_with_movies" AFTER DELETE ON "movies" REFERENCING OLD TABLE AS "gone"
	FOR EACH STATEMENT EXECUTE FUNCTION "rows_of_movies_go"();
