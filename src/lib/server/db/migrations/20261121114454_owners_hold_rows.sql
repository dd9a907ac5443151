ALTER TABLE "episodes" DROP CONSTRAINT "episodes_connector_id_connectors_id_fk";
--> statement-breakpoint
ALTER TABLE "files" DROP CONSTRAINT "files_connector_id_connectors_id_fk";
--> statement-breakpoint
ALTER TABLE "files" ADD CONSTRAINT "files_movie_id_movies_id_fk" FOREIGN KEY ("movie_id") REFERENCES "public"."movies"("id") ON DELETE cascade ON UPDATE no action;