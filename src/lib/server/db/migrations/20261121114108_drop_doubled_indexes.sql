DROP INDEX "episodes_by_arr_id";--> statement-breakpoint
DROP INDEX "movies_by_arr_id";