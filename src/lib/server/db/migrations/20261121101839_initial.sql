CREATE TABLE "api_keys" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "api_keys_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"key_hash" text NOT NULL,
	"last4" text NOT NULL,
	"scope" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone,
	"last_used_at" timestamp with time zone,
	"last_used_peer" text,
	"uses" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "app_settings" (
	"key" text PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "arr_history" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "arr_history_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"connector_id" integer NOT NULL,
	"arr_id" integer NOT NULL,
	"event" text NOT NULL,
	"date" timestamp with time zone NOT NULL,
	"item_arr_id" integer NOT NULL,
	"series_arr_id" integer,
	"episode_id" integer,
	"movie_id" integer,
	"source_title" text NOT NULL,
	"download_id" text,
	"release_source" text,
	"quality_id" integer NOT NULL,
	"quality_name" text NOT NULL,
	"format_score" integer,
	"indexer" text,
	"download_client" text,
	"reason" text,
	"file_arr_id" integer,
	"release_group" text,
	"size" bigint
);
--> statement-breakpoint
CREATE TABLE "arr_queue" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "arr_queue_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"connector_id" integer NOT NULL,
	"arr_id" integer NOT NULL,
	"episode_id" integer,
	"movie_id" integer,
	"item_arr_id" integer,
	"series_arr_id" integer,
	"title" text NOT NULL,
	"status" text NOT NULL,
	"tracked_state" text,
	"tracked_status" text,
	"error_message" text,
	"status_messages" jsonb NOT NULL,
	"download_id" text,
	"download_client" text,
	"indexer" text,
	"protocol" text,
	"size" bigint NOT NULL,
	"size_left" bigint NOT NULL,
	"estimated_completion" timestamp with time zone,
	"first_seen_at" timestamp with time zone NOT NULL,
	"last_seen_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "connector_gates" (
	"connector_id" integer NOT NULL,
	"gate" text NOT NULL,
	"cause" text NOT NULL,
	"closed_at" timestamp with time zone NOT NULL,
	"until" timestamp with time zone NOT NULL,
	"level" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "connector_gates_connector_id_gate_pk" PRIMARY KEY("connector_id","gate")
);
--> statement-breakpoint
CREATE TABLE "connector_health_history" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "connector_health_history_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"connector_id" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"status" text NOT NULL,
	"reason" text
);
--> statement-breakpoint
CREATE TABLE "connector_readings" (
	"connector_id" integer NOT NULL,
	"name" text NOT NULL,
	"value" jsonb NOT NULL,
	"read_at" timestamp with time zone NOT NULL,
	CONSTRAINT "connector_readings_connector_id_name_pk" PRIMARY KEY("connector_id","name")
);
--> statement-breakpoint
CREATE TABLE "connectors" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "connectors_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"url" text NOT NULL,
	"api_key_encrypted" text,
	"api_key_last4" text,
	"api_key_set_at" timestamp with time zone,
	"mode" text DEFAULT 'observe' NOT NULL,
	"enabled" boolean DEFAULT true NOT NULL,
	"paused" boolean DEFAULT false NOT NULL,
	"settings" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"shape" text,
	"application" text,
	"version" text,
	"instance_name" text,
	"database_type" text,
	"url_base" text,
	"capabilities" jsonb,
	"fingerprint" jsonb,
	"notices" jsonb,
	"arr_start_time" timestamp with time zone,
	"arr_start_seen_at" timestamp with time zone,
	"health" text DEFAULT 'unknown' NOT NULL,
	"health_since" timestamp with time zone,
	"health_reason" text,
	"failures" integer DEFAULT 0 NOT NULL,
	"last_ok_at" timestamp with time zone,
	"next_probe_at" timestamp with time zone,
	"last_error" jsonb,
	"arr_missing" integer,
	"arr_cutoff_unmet" integer,
	"arr_counts_at" timestamp with time zone,
	"mirror_complete" boolean DEFAULT false NOT NULL,
	"history_cursor" timestamp with time zone,
	"sync_rotation" integer DEFAULT 0 NOT NULL,
	"last_incremental_at" timestamp with time zone,
	"last_incremental_ms" integer,
	"last_full_at" timestamp with time zone,
	"held_reason" text,
	CONSTRAINT "connectors_kind_check" CHECK ("connectors"."kind" in ('sonarr', 'radarr', 'whisparr')),
	CONSTRAINT "connectors_mode_check" CHECK ("connectors"."mode" in ('observe', 'active')),
	CONSTRAINT "connectors_health_check" CHECK ("connectors"."health" in ('unknown', 'healthy', 'degraded', 'unhealthy', 'offline'))
);
--> statement-breakpoint
CREATE TABLE "dispatches" (
	"id" text PRIMARY KEY NOT NULL,
	"connector_id" integer,
	"connector_name" text NOT NULL,
	"connector_kind" text NOT NULL,
	"registry_id" integer,
	"target_kind" text NOT NULL,
	"target_key" text NOT NULL,
	"target" jsonb NOT NULL,
	"reason" text NOT NULL,
	"by_user" boolean DEFAULT false NOT NULL,
	"series_id" integer,
	"state" text NOT NULL,
	"cost" integer NOT NULL,
	"cost_returned" boolean DEFAULT false NOT NULL,
	"claimed_at" timestamp with time zone NOT NULL,
	"sending_at" timestamp with time zone,
	"highest_command_id" integer,
	"arr_start_time" timestamp with time zone,
	"arr_clock" timestamp with time zone,
	"before" jsonb,
	"command_id" integer,
	"watching_since" timestamp with time zone,
	"next_look_at" timestamp with time zone,
	"command_started" timestamp with time zone,
	"command_ended" timestamp with time zone,
	"command_duration_ms" integer,
	"command_status" text,
	"command_message" text,
	"messages" jsonb NOT NULL,
	"end_seen_at" timestamp with time zone,
	"concluded_at" timestamp with time zone,
	"outcome" text,
	"strength" text,
	"evidence" jsonb,
	"provisional" text,
	"releases_seen" integer,
	CONSTRAINT "dispatches_state_check" CHECK ("dispatches"."state" in ('claimed', 'sending', 'watching', 'ended', 'parked', 'concluded')),
	CONSTRAINT "dispatches_outcome_check" CHECK (("dispatches"."state" = 'concluded') = ("dispatches"."outcome" is not null))
);
--> statement-breakpoint
CREATE TABLE "episodes" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "episodes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"connector_id" integer NOT NULL,
	"series_id" integer NOT NULL,
	"arr_id" integer NOT NULL,
	"natural_key" text NOT NULL,
	"tvdb_id" integer,
	"season_number" integer NOT NULL,
	"episode_number" integer,
	"absolute_number" integer,
	"title" text NOT NULL,
	"air_date_utc" timestamp with time zone,
	"air_date" text,
	"runtime" integer NOT NULL,
	"finale_type" text,
	"monitored" boolean NOT NULL,
	"file_arr_id" integer NOT NULL,
	"last_search_time" timestamp with time zone,
	"presence" text DEFAULT 'present' NOT NULL,
	"absent_since" timestamp with time zone,
	"deleted_at" timestamp with time zone,
	"unreadable" text
);
--> statement-breakpoint
CREATE TABLE "event_cursors" (
	"reader" text PRIMARY KEY NOT NULL,
	"last_id" integer NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "events" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"at" timestamp with time zone NOT NULL,
	"type" text NOT NULL,
	"severity" text NOT NULL,
	"connector_id" integer,
	"connector_name" text,
	"episode_id" integer,
	"movie_id" integer,
	"dispatch_id" text,
	"message" text NOT NULL,
	"data" jsonb NOT NULL,
	"correlation_id" text
);
--> statement-breakpoint
CREATE TABLE "files" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "files_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"connector_id" integer NOT NULL,
	"arr_id" integer NOT NULL,
	"series_id" integer,
	"movie_id" integer,
	"quality_id" integer NOT NULL,
	"quality_name" text NOT NULL,
	"revision_version" integer NOT NULL,
	"revision_real" integer NOT NULL,
	"format_score" integer,
	"arr_cutoff_not_met" boolean,
	"size" bigint NOT NULL,
	"date_added" timestamp with time zone,
	"release_group" text,
	"scene_name" text,
	"score_stale" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "foreign_commands" (
	"connector_id" integer NOT NULL,
	"command_id" integer NOT NULL,
	"name" text NOT NULL,
	"client_user_agent" text,
	"trigger" text,
	"episode_arr_ids" integer[] NOT NULL,
	"movie_arr_ids" integer[] NOT NULL,
	"series_arr_id" integer,
	"season_number" integer,
	"cost" integer NOT NULL,
	"status" text NOT NULL,
	"queued_at" timestamp with time zone,
	"started_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"first_seen_at" timestamp with time zone NOT NULL,
	CONSTRAINT "foreign_commands_connector_id_command_id_pk" PRIMARY KEY("connector_id","command_id")
);
--> statement-breakpoint
CREATE TABLE "grabs" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "grabs_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"connector_id" integer,
	"dispatch_id" text,
	"claim" text NOT NULL,
	"registry_id" integer,
	"episode_id" integer,
	"movie_id" integer,
	"item_arr_id" integer NOT NULL,
	"history_arr_id" integer NOT NULL,
	"download_id" text,
	"title" text NOT NULL,
	"release_source" text,
	"indexer" text,
	"quality_name" text NOT NULL,
	"format_score" integer,
	"grabbed_at" timestamp with time zone NOT NULL,
	"file_arr_id_before" integer,
	"quality_before" text,
	"score_before" integer,
	"file_arr_id_after" integer,
	"quality_after" text,
	"score_after" integer,
	"result" text NOT NULL,
	"result_at" timestamp with time zone,
	"result_detail" text,
	"last_seen_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "hourly_aggregates" (
	"connector_id" integer NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"metric" text NOT NULL,
	"value" double precision NOT NULL,
	"count" integer NOT NULL,
	"max" double precision NOT NULL,
	CONSTRAINT "hourly_aggregates_connector_id_metric_hour_pk" PRIMARY KEY("connector_id","metric","hour")
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"connector_id" integer,
	"status" text NOT NULL,
	"progress_done" integer DEFAULT 0 NOT NULL,
	"progress_total" integer DEFAULT 0 NOT NULL,
	"result" jsonb,
	"error" jsonb,
	"created_at" timestamp with time zone NOT NULL,
	"started_at" timestamp with time zone,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "login_attempts" (
	"peer" text PRIMARY KEY NOT NULL,
	"failures" integer NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	"next_allowed_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "movies" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "movies_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"connector_id" integer NOT NULL,
	"arr_id" integer NOT NULL,
	"natural_key" text NOT NULL,
	"tmdb_id" integer,
	"stash_id" text,
	"item_type" text NOT NULL,
	"title" text NOT NULL,
	"sort_title" text NOT NULL,
	"title_slug" text NOT NULL,
	"year" integer NOT NULL,
	"status" text NOT NULL,
	"monitored" boolean NOT NULL,
	"is_available" boolean NOT NULL,
	"available_since" timestamp with time zone,
	"release_date" timestamp with time zone,
	"studio" text,
	"quality_profile_arr_id" integer NOT NULL,
	"root_folder" text NOT NULL,
	"tags" integer[] NOT NULL,
	"runtime" integer NOT NULL,
	"added" timestamp with time zone,
	"file_arr_id" integer NOT NULL,
	"last_search_time" timestamp with time zone,
	"not_searchable" text,
	"presence" text DEFAULT 'present' NOT NULL,
	"absent_since" timestamp with time zone,
	"deleted_at" timestamp with time zone,
	"unreadable" text
);
--> statement-breakpoint
CREATE TABLE "profile_qualities" (
	"connector_id" integer NOT NULL,
	"profile_arr_id" integer NOT NULL,
	"quality_id" integer NOT NULL,
	"name" text NOT NULL,
	"rank" integer NOT NULL,
	"allowed" boolean NOT NULL,
	CONSTRAINT "profile_qualities_connector_id_profile_arr_id_quality_id_pk" PRIMARY KEY("connector_id","profile_arr_id","quality_id")
);
--> statement-breakpoint
CREATE TABLE "quality_profiles" (
	"connector_id" integer NOT NULL,
	"arr_id" integer NOT NULL,
	"name" text NOT NULL,
	"upgrade_allowed" boolean NOT NULL,
	"min_format_score" integer NOT NULL,
	"cutoff_format_score" integer NOT NULL,
	"min_upgrade_format_score" integer NOT NULL,
	"effective_cutoff_rank" integer NOT NULL,
	"cutoff_rank" integer NOT NULL,
	"cutoff_name" text NOT NULL,
	"formats_hash" text NOT NULL,
	CONSTRAINT "quality_profiles_connector_id_arr_id_pk" PRIMARY KEY("connector_id","arr_id")
);
--> statement-breakpoint
CREATE TABLE "questions" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "questions_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"connector_id" integer NOT NULL,
	"kind" text NOT NULL,
	"detail" jsonb NOT NULL,
	"asked_at" timestamp with time zone NOT NULL,
	"answer" text,
	"answered_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "request_queue" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "request_queue_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"connector_id" integer NOT NULL,
	"registry_id" integer NOT NULL,
	"target_kind" text NOT NULL,
	"series_id" integer,
	"reason" text NOT NULL,
	"score" real NOT NULL,
	"cost" integer NOT NULL,
	"pinned" boolean DEFAULT false NOT NULL,
	"last_search_time" timestamp with time zone,
	"queued_at" timestamp with time zone NOT NULL,
	"not_before" timestamp with time zone,
	"postponed" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "request_queue_cost_check" CHECK ("request_queue"."cost" > 0)
);
--> statement-breakpoint
CREATE TABLE "schedule_runs" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "schedule_runs_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"job" text NOT NULL,
	"connector_id" integer,
	"started_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"status" text NOT NULL,
	"error" text
);
--> statement-breakpoint
CREATE TABLE "search_registry" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "search_registry_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"connector_id" integer NOT NULL,
	"target_kind" text NOT NULL,
	"target_key" text NOT NULL,
	"episode_id" integer,
	"season_id" integer,
	"movie_id" integer,
	"state" text NOT NULL,
	"state_since" timestamp with time zone NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"fresh_attempts" integer DEFAULT 0 NOT NULL,
	"next_eligible_at" timestamp with time zone,
	"last_attempt_at" timestamp with time zone,
	"last_dispatch_id" text,
	"last_outcome" text,
	"rest_reason" text,
	"consecutive_not_searched" integer DEFAULT 0 NOT NULL,
	"consecutive_errors" integer DEFAULT 0 NOT NULL,
	"exhausted_by" text,
	"counted_for" text,
	"covered_by" integer,
	"grab_id" integer,
	CONSTRAINT "search_registry_state_check" CHECK ("search_registry"."state" in ('pending', 'queued', 'searching', 'grabbed', 'cooldown', 'failed', 'exhausted', 'done')),
	CONSTRAINT "search_registry_one_target" CHECK (num_nonnulls("search_registry"."episode_id", "search_registry"."season_id", "search_registry"."movie_id") <= 1
				and ("search_registry"."episode_id" is null or "search_registry"."target_kind" = 'episode')
				and ("search_registry"."season_id" is null or "search_registry"."target_kind" = 'season')
				and ("search_registry"."movie_id" is null or "search_registry"."target_kind" = 'movie')),
	CONSTRAINT "search_registry_attempts_check" CHECK ("search_registry"."attempts" >= 0 and "search_registry"."fresh_attempts" >= 0)
);
--> statement-breakpoint
CREATE TABLE "seasons" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "seasons_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"connector_id" integer NOT NULL,
	"series_id" integer NOT NULL,
	"number" integer NOT NULL,
	"monitored" boolean NOT NULL,
	"presence" text DEFAULT 'present' NOT NULL,
	"absent_since" timestamp with time zone,
	"deleted_at" timestamp with time zone,
	"unreadable" text
);
--> statement-breakpoint
CREATE TABLE "series" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "series_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"connector_id" integer NOT NULL,
	"arr_id" integer NOT NULL,
	"tvdb_id" integer NOT NULL,
	"title" text NOT NULL,
	"sort_title" text NOT NULL,
	"title_slug" text NOT NULL,
	"status" text NOT NULL,
	"monitored" boolean NOT NULL,
	"series_type" text NOT NULL,
	"quality_profile_arr_id" integer NOT NULL,
	"root_folder" text NOT NULL,
	"tags" integer[] NOT NULL,
	"runtime" integer NOT NULL,
	"year" integer NOT NULL,
	"network" text,
	"added" timestamp with time zone,
	"episodes_read_at" timestamp with time zone,
	"stale" boolean DEFAULT false NOT NULL,
	"presence" text DEFAULT 'present' NOT NULL,
	"absent_since" timestamp with time zone,
	"deleted_at" timestamp with time zone,
	"unreadable" text
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id_hash" text PRIMARY KEY NOT NULL,
	"user_id" integer NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"last_seen_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"peer" text,
	"user_agent" text
);
--> statement-breakpoint
CREATE TABLE "sync_runs" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "sync_runs_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"connector_id" integer NOT NULL,
	"mode" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"requests" integer DEFAULT 0 NOT NULL,
	"changed" integer DEFAULT 0 NOT NULL,
	"error" jsonb,
	"detail" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "target_rules" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "target_rules_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"connector_id" integer NOT NULL,
	"scope" text NOT NULL,
	"target_key" text NOT NULL,
	"excluded" boolean DEFAULT false NOT NULL,
	"boost" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "undo_acts" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"data" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"used" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "users_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"username" text NOT NULL,
	"password_hash" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"password_changed_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "wanted" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "wanted_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"connector_id" integer NOT NULL,
	"episode_id" integer,
	"movie_id" integer,
	"series_id" integer,
	"season_number" integer,
	"reason" text NOT NULL,
	"available_at" timestamp with time zone,
	"since" timestamp with time zone NOT NULL,
	"detail" jsonb NOT NULL
);
--> statement-breakpoint
ALTER TABLE "arr_history" ADD CONSTRAINT "arr_history_connector_id_connectors_id_fk" FOREIGN KEY ("connector_id") REFERENCES "public"."connectors"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "arr_queue" ADD CONSTRAINT "arr_queue_connector_id_connectors_id_fk" FOREIGN KEY ("connector_id") REFERENCES "public"."connectors"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connector_gates" ADD CONSTRAINT "connector_gates_connector_id_connectors_id_fk" FOREIGN KEY ("connector_id") REFERENCES "public"."connectors"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connector_health_history" ADD CONSTRAINT "connector_health_history_connector_id_connectors_id_fk" FOREIGN KEY ("connector_id") REFERENCES "public"."connectors"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connector_readings" ADD CONSTRAINT "connector_readings_connector_id_connectors_id_fk" FOREIGN KEY ("connector_id") REFERENCES "public"."connectors"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "dispatches" ADD CONSTRAINT "dispatches_connector_id_connectors_id_fk" FOREIGN KEY ("connector_id") REFERENCES "public"."connectors"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "episodes" ADD CONSTRAINT "episodes_connector_id_connectors_id_fk" FOREIGN KEY ("connector_id") REFERENCES "public"."connectors"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "episodes" ADD CONSTRAINT "episodes_series_id_series_id_fk" FOREIGN KEY ("series_id") REFERENCES "public"."series"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "files" ADD CONSTRAINT "files_connector_id_connectors_id_fk" FOREIGN KEY ("connector_id") REFERENCES "public"."connectors"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "files" ADD CONSTRAINT "files_series_id_series_id_fk" FOREIGN KEY ("series_id") REFERENCES "public"."series"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "foreign_commands" ADD CONSTRAINT "foreign_commands_connector_id_connectors_id_fk" FOREIGN KEY ("connector_id") REFERENCES "public"."connectors"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "grabs" ADD CONSTRAINT "grabs_connector_id_connectors_id_fk" FOREIGN KEY ("connector_id") REFERENCES "public"."connectors"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_connector_id_connectors_id_fk" FOREIGN KEY ("connector_id") REFERENCES "public"."connectors"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "movies" ADD CONSTRAINT "movies_connector_id_connectors_id_fk" FOREIGN KEY ("connector_id") REFERENCES "public"."connectors"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "profile_qualities" ADD CONSTRAINT "profile_qualities_connector_id_connectors_id_fk" FOREIGN KEY ("connector_id") REFERENCES "public"."connectors"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quality_profiles" ADD CONSTRAINT "quality_profiles_connector_id_connectors_id_fk" FOREIGN KEY ("connector_id") REFERENCES "public"."connectors"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "questions" ADD CONSTRAINT "questions_connector_id_connectors_id_fk" FOREIGN KEY ("connector_id") REFERENCES "public"."connectors"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "request_queue" ADD CONSTRAINT "request_queue_connector_id_connectors_id_fk" FOREIGN KEY ("connector_id") REFERENCES "public"."connectors"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "request_queue" ADD CONSTRAINT "request_queue_registry_id_search_registry_id_fk" FOREIGN KEY ("registry_id") REFERENCES "public"."search_registry"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "schedule_runs" ADD CONSTRAINT "schedule_runs_connector_id_connectors_id_fk" FOREIGN KEY ("connector_id") REFERENCES "public"."connectors"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "search_registry" ADD CONSTRAINT "search_registry_connector_id_connectors_id_fk" FOREIGN KEY ("connector_id") REFERENCES "public"."connectors"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "seasons" ADD CONSTRAINT "seasons_connector_id_connectors_id_fk" FOREIGN KEY ("connector_id") REFERENCES "public"."connectors"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "seasons" ADD CONSTRAINT "seasons_series_id_series_id_fk" FOREIGN KEY ("series_id") REFERENCES "public"."series"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "series" ADD CONSTRAINT "series_connector_id_connectors_id_fk" FOREIGN KEY ("connector_id") REFERENCES "public"."connectors"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sync_runs" ADD CONSTRAINT "sync_runs_connector_id_connectors_id_fk" FOREIGN KEY ("connector_id") REFERENCES "public"."connectors"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "target_rules" ADD CONSTRAINT "target_rules_connector_id_connectors_id_fk" FOREIGN KEY ("connector_id") REFERENCES "public"."connectors"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "wanted" ADD CONSTRAINT "wanted_connector_id_connectors_id_fk" FOREIGN KEY ("connector_id") REFERENCES "public"."connectors"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "wanted" ADD CONSTRAINT "wanted_episode_id_episodes_id_fk" FOREIGN KEY ("episode_id") REFERENCES "public"."episodes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "wanted" ADD CONSTRAINT "wanted_movie_id_movies_id_fk" FOREIGN KEY ("movie_id") REFERENCES "public"."movies"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "api_keys_hash_key" ON "api_keys" USING btree ("key_hash");--> statement-breakpoint
CREATE UNIQUE INDEX "arr_history_key" ON "arr_history" USING btree ("connector_id","arr_id");--> statement-breakpoint
CREATE INDEX "arr_history_by_date" ON "arr_history" USING btree ("connector_id","date");--> statement-breakpoint
CREATE INDEX "arr_history_by_episode" ON "arr_history" USING btree ("episode_id","date");--> statement-breakpoint
CREATE INDEX "arr_history_by_movie" ON "arr_history" USING btree ("movie_id","date");--> statement-breakpoint
CREATE INDEX "arr_history_by_download" ON "arr_history" USING btree ("connector_id","download_id");--> statement-breakpoint
CREATE UNIQUE INDEX "arr_queue_key" ON "arr_queue" USING btree ("connector_id","arr_id");--> statement-breakpoint
CREATE INDEX "arr_queue_by_episode" ON "arr_queue" USING btree ("episode_id");--> statement-breakpoint
CREATE INDEX "arr_queue_by_movie" ON "arr_queue" USING btree ("movie_id");--> statement-breakpoint
CREATE INDEX "arr_queue_by_download" ON "arr_queue" USING btree ("connector_id","download_id");--> statement-breakpoint
CREATE INDEX "connector_health_history_by_connector" ON "connector_health_history" USING btree ("connector_id","at");--> statement-breakpoint
CREATE UNIQUE INDEX "connectors_name_key" ON "connectors" USING btree (lower("name"));--> statement-breakpoint
CREATE UNIQUE INDEX "dispatches_one_open" ON "dispatches" USING btree ("connector_id") WHERE "dispatches"."state" in ('claimed', 'sending', 'watching');--> statement-breakpoint
CREATE INDEX "dispatches_open" ON "dispatches" USING btree ("connector_id","state") WHERE "dispatches"."state" <> 'concluded';--> statement-breakpoint
CREATE INDEX "dispatches_by_claim" ON "dispatches" USING btree ("connector_id","claimed_at");--> statement-breakpoint
CREATE INDEX "dispatches_by_time" ON "dispatches" USING btree ("claimed_at","id");--> statement-breakpoint
CREATE INDEX "dispatches_by_registry" ON "dispatches" USING btree ("registry_id","claimed_at");--> statement-breakpoint
CREATE INDEX "dispatches_by_outcome" ON "dispatches" USING btree ("outcome","claimed_at");--> statement-breakpoint
CREATE UNIQUE INDEX "episodes_natural_key" ON "episodes" USING btree ("series_id","natural_key");--> statement-breakpoint
CREATE INDEX "episodes_by_season" ON "episodes" USING btree ("series_id","season_number","episode_number");--> statement-breakpoint
CREATE INDEX "episodes_by_arr_id" ON "episodes" USING btree ("connector_id","arr_id");--> statement-breakpoint
CREATE INDEX "episodes_by_file" ON "episodes" USING btree ("connector_id","file_arr_id") WHERE "episodes"."file_arr_id" <> 0;--> statement-breakpoint
CREATE INDEX "episodes_by_connector" ON "episodes" USING btree ("connector_id","id");--> statement-breakpoint
CREATE INDEX "events_by_time" ON "events" USING btree ("at","id");--> statement-breakpoint
CREATE INDEX "events_by_connector" ON "events" USING btree ("connector_id","id");--> statement-breakpoint
CREATE INDEX "events_by_episode" ON "events" USING btree ("episode_id","id");--> statement-breakpoint
CREATE INDEX "events_by_movie" ON "events" USING btree ("movie_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "files_arr_key" ON "files" USING btree ("connector_id","arr_id");--> statement-breakpoint
CREATE INDEX "files_by_series" ON "files" USING btree ("series_id");--> statement-breakpoint
CREATE INDEX "files_by_movie" ON "files" USING btree ("movie_id");--> statement-breakpoint
CREATE INDEX "files_score_stale" ON "files" USING btree ("connector_id") WHERE "files"."score_stale";--> statement-breakpoint
CREATE INDEX "foreign_commands_by_time" ON "foreign_commands" USING btree ("connector_id","first_seen_at");--> statement-breakpoint
CREATE UNIQUE INDEX "grabs_history_key" ON "grabs" USING btree ("connector_id","history_arr_id");--> statement-breakpoint
CREATE INDEX "grabs_following" ON "grabs" USING btree ("connector_id") WHERE "grabs"."result" = 'following';--> statement-breakpoint
CREATE INDEX "grabs_by_dispatch" ON "grabs" USING btree ("dispatch_id");--> statement-breakpoint
CREATE INDEX "grabs_by_episode" ON "grabs" USING btree ("episode_id");--> statement-breakpoint
CREATE INDEX "grabs_by_movie" ON "grabs" USING btree ("movie_id");--> statement-breakpoint
CREATE INDEX "grabs_by_download" ON "grabs" USING btree ("connector_id","download_id");--> statement-breakpoint
CREATE INDEX "hourly_aggregates_by_hour" ON "hourly_aggregates" USING btree ("hour");--> statement-breakpoint
CREATE INDEX "jobs_by_time" ON "jobs" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "jobs_by_connector" ON "jobs" USING btree ("connector_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "movies_natural_key" ON "movies" USING btree ("connector_id","natural_key");--> statement-breakpoint
CREATE INDEX "movies_by_title" ON "movies" USING btree ("connector_id","sort_title","id");--> statement-breakpoint
CREATE INDEX "movies_by_arr_id" ON "movies" USING btree ("connector_id","arr_id");--> statement-breakpoint
CREATE INDEX "movies_by_file" ON "movies" USING btree ("connector_id","file_arr_id") WHERE "movies"."file_arr_id" <> 0;--> statement-breakpoint
CREATE UNIQUE INDEX "questions_one_open" ON "questions" USING btree ("connector_id","kind") WHERE "questions"."answered_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "request_queue_target" ON "request_queue" USING btree ("registry_id");--> statement-breakpoint
CREATE INDEX "request_queue_order" ON "request_queue" USING btree ("connector_id","pinned" DESC NULLS LAST,"score" DESC NULLS LAST,"id");--> statement-breakpoint
CREATE INDEX "schedule_runs_by_job" ON "schedule_runs" USING btree ("job","connector_id","started_at");--> statement-breakpoint
CREATE UNIQUE INDEX "search_registry_key" ON "search_registry" USING btree ("connector_id","target_kind","target_key");--> statement-breakpoint
CREATE UNIQUE INDEX "search_registry_episode" ON "search_registry" USING btree ("episode_id");--> statement-breakpoint
CREATE UNIQUE INDEX "search_registry_season" ON "search_registry" USING btree ("season_id");--> statement-breakpoint
CREATE UNIQUE INDEX "search_registry_movie" ON "search_registry" USING btree ("movie_id");--> statement-breakpoint
CREATE INDEX "search_registry_by_state" ON "search_registry" USING btree ("connector_id","state","next_eligible_at");--> statement-breakpoint
CREATE UNIQUE INDEX "seasons_natural_key" ON "seasons" USING btree ("series_id","number");--> statement-breakpoint
CREATE INDEX "seasons_by_connector" ON "seasons" USING btree ("connector_id");--> statement-breakpoint
CREATE UNIQUE INDEX "series_natural_key" ON "series" USING btree ("connector_id","tvdb_id");--> statement-breakpoint
CREATE INDEX "series_by_title" ON "series" USING btree ("connector_id","sort_title","id");--> statement-breakpoint
CREATE INDEX "sessions_by_expiry" ON "sessions" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "sync_runs_by_connector" ON "sync_runs" USING btree ("connector_id","started_at");--> statement-breakpoint
CREATE UNIQUE INDEX "target_rules_key" ON "target_rules" USING btree ("connector_id","scope","target_key");--> statement-breakpoint
CREATE UNIQUE INDEX "users_only_one" ON "users" USING btree ((true));--> statement-breakpoint
CREATE UNIQUE INDEX "users_name_key" ON "users" USING btree (lower("username"));--> statement-breakpoint
CREATE UNIQUE INDEX "wanted_episode_key" ON "wanted" USING btree ("episode_id");--> statement-breakpoint
CREATE UNIQUE INDEX "wanted_movie_key" ON "wanted" USING btree ("movie_id");--> statement-breakpoint
CREATE INDEX "wanted_by_reason" ON "wanted" USING btree ("connector_id","reason","id");--> statement-breakpoint
CREATE INDEX "wanted_by_season" ON "wanted" USING btree ("series_id","season_number");--> statement-breakpoint
-- What drizzle cannot say. The arr's id is an attribute that may move between rows inside one transaction.
ALTER TABLE "series" ADD CONSTRAINT "series_arr_key" UNIQUE ("connector_id", "arr_id") DEFERRABLE INITIALLY DEFERRED;--> statement-breakpoint
ALTER TABLE "episodes" ADD CONSTRAINT "episodes_arr_key" UNIQUE ("connector_id", "arr_id") DEFERRABLE INITIALLY DEFERRED;--> statement-breakpoint
ALTER TABLE "movies" ADD CONSTRAINT "movies_arr_key" UNIQUE ("connector_id", "arr_id") DEFERRABLE INITIALLY DEFERRED;--> statement-breakpoint
ALTER TABLE "wanted" ADD CONSTRAINT "wanted_one_item" CHECK (num_nonnulls("episode_id", "movie_id") = 1);--> statement-breakpoint
-- Search states: the table of moves in src/lib/domain/moves.ts, kept by the database too.
CREATE FUNCTION search_registry_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF TG_OP = 'INSERT' THEN
		IF NEW.state NOT IN ('pending', 'queued', 'exhausted') THEN
			RAISE EXCEPTION 'a search target cannot begin as %', NEW.state USING ERRCODE = 'check_violation', CONSTRAINT = 'search_registry_moves';
		END IF;
		RETURN NEW;
	END IF;
	IF OLD.state = NEW.state OR (OLD.state || '>' || NEW.state) IN (
		'pending>queued', 'pending>exhausted',
		'queued>searching', 'queued>pending', 'queued>exhausted',
		'searching>grabbed', 'searching>cooldown', 'searching>pending', 'searching>failed', 'searching>exhausted',
		'grabbed>done', 'grabbed>pending', 'grabbed>cooldown', 'grabbed>exhausted',
		'cooldown>pending', 'cooldown>exhausted',
		'failed>pending', 'failed>exhausted',
		'exhausted>pending',
		'done>pending', 'done>exhausted'
	) THEN
		RETURN NEW;
	END IF;
	RAISE EXCEPTION 'a search target cannot go from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation', CONSTRAINT = 'search_registry_moves';
END $$;--> statement-breakpoint
CREATE TRIGGER search_registry_moves BEFORE INSERT OR UPDATE OF state ON "search_registry" FOR EACH ROW EXECUTE FUNCTION search_registry_guard();--> statement-breakpoint
-- Title search. An external server may not allow the extension: pages then fall back to a plain scan.
DO $$
BEGIN
	CREATE EXTENSION IF NOT EXISTS pg_trgm;
	CREATE INDEX "series_title_trgm" ON "series" USING gin ("title" gin_trgm_ops);
	CREATE INDEX "movies_title_trgm" ON "movies" USING gin ("title" gin_trgm_ops);
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
	RAISE NOTICE 'pg_trgm is not available: title search will be slower';
END $$;
