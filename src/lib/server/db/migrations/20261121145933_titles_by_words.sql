CREATE TABLE "title_words" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "title_words_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"connector_id" integer NOT NULL,
	"series_id" integer,
	"block" integer NOT NULL,
	"items" integer[] NOT NULL,
	"words" "tsvector" NOT NULL,
	"made_of" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "wanted" ADD COLUMN "number" integer;--> statement-breakpoint
CREATE UNIQUE INDEX "title_words_series" ON "title_words" USING btree ("series_id","block");--> statement-breakpoint
CREATE UNIQUE INDEX "title_words_movies" ON "title_words" USING btree ("connector_id","block") WHERE "title_words"."series_id" is null;--> statement-breakpoint
CREATE INDEX "title_words_words" ON "title_words" USING gin ("words");--> statement-breakpoint
CREATE INDEX "search_registry_in_state" ON "search_registry" USING btree ("connector_id","state","episode_id","movie_id");--> statement-breakpoint
CREATE INDEX "wanted_by_age" ON "wanted" USING btree ("connector_id",(coalesce("available_at", '-infinity'::timestamptz)) desc);--> statement-breakpoint
-- What drizzle cannot say. Titles are found by their words now, wherever the database runs.
DROP INDEX IF EXISTS "series_title_trgm";--> statement-breakpoint
DROP INDEX IF EXISTS "movies_title_trgm";--> statement-breakpoint
-- Small letters without accents; each ideograph and kana a word, since such titles have no spaces; words of any length cut.
CREATE FUNCTION folded_title(title text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT regexp_replace(regexp_replace(
		lower(CASE WHEN getdatabaseencoding() = 'UTF8' AND octet_length(title) > length(title)
			THEN regexp_replace(normalize(title, NFKD), '[\u0300-\u036f\u2018\u2019\u02bc]', '', 'g') ELSE title END),
		'([\u3040-\u30ff\u3400-\u9fff])|[\u00a0-\u00bf\u2000-\u206f\u3000-\u303f]', ' \1 ', 'g'), '(\S{200})', '\1 ', 'g')
$$;--> statement-breakpoint
-- The words of a title: what stands between spaces and punctuation, without apostrophes.
CREATE FUNCTION words_of(title text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT array_to_tsvector(array_remove(string_to_array(translate(
		CASE WHEN octet_length(title) = length(title) AND length(title) < 2000 THEN lower(title) ELSE folded_title(title) END,
		E'!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n\r''', repeat(' ', 34)), ' '), ''))
$$;
