// What users, other tools and the world can be made to do.
import type { DownloadState, Fate } from '../state/model.ts';

export interface DownloadChange {
	state?: DownloadState;
	fate?: Fate;
	/** Virtual moment it is done. */
	doneAt?: number;
}

export interface NewSeries {
	title?: string;
	tvdbId?: number;
	kind?: 'standard' | 'daily' | 'anime';
	monitored?: boolean;
	seasons?: { number: number; episodes: number; monitored?: boolean }[];
	/** First air date; one episode a week from there. */
	firstAired?: number;
	profile?: string;
	tags?: string[];
	runtime?: number;
}

export interface NewEpisode {
	seriesId: number;
	season: number;
	number?: number;
	airs?: number | null;
	monitored?: boolean;
	title?: string;
	withFile?: string;
}

export interface NewMovie {
	title?: string;
	tmdbId?: number;
	year?: number;
	monitored?: boolean;
	status?: 'tba' | 'announced' | 'inCinemas' | 'released';
	minimumAvailability?: 'tba' | 'announced' | 'inCinemas' | 'released';
	inCinemas?: number | null;
	digital?: number | null;
	physical?: number | null;
	profile?: string;
	tags?: string[];
	/** Whisparr 3: a scene of this studio (null: none). */
	scene?: { studio?: string | null; releaseDate?: number | null; known?: boolean };
	/** Quality name of a file it has. */
	withFile?: string;
}

export interface ProfileChange {
	/** Name of the profile. */
	profile: string;
	upgradeAllowed?: boolean;
	/** Name of a quality or a group. */
	cutoff?: string;
	cutoffFormatScore?: number;
	minFormatScore?: number;
	/** Custom format name to score. */
	scores?: Record<string, number>;
}
