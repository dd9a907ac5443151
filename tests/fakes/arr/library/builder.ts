// Small steps to build a library: profiles, series with seasons, episodes, movies, scenes, files.
import type { App } from '../app.ts';
import { hash, hex } from '../random.ts';
import { slugOf } from '../resources/text.ts';
import type {
	CustomFormat,
	Episode,
	MediaFile,
	Movie,
	Performer,
	Profile,
	Scene,
	Series,
	Studio,
} from '../state/model.ts';
import { makeProfile, type ProfileSetup } from '../state/profiles.ts';

export const DAY = 86_400_000;
export const HOUR = 3_600_000;

export interface SeriesSetup {
	title: string;
	kind?: Series['kind'];
	status?: Series['status'];
	year?: number;
	runtime?: number;
	monitored?: boolean;
	profileId?: number;
	tags?: number[];
	tvdbId?: number;
	alternates?: number;
	network?: string;
	rootFolder?: string;
}

export interface EpisodeSetup {
	number: number;
	airs: number | null;
	monitored?: boolean;
	title?: string | null;
	absolute?: number | null;
	finale?: Episode['finale'];
	tvdbId?: number;
}

export interface MovieSetup {
	title: string;
	year?: number;
	tmdbId?: number;
	status?: Movie['status'];
	minimumAvailability?: Movie['minimumAvailability'];
	inCinemas?: number | null;
	digital?: number | null;
	physical?: number | null;
	monitored?: boolean;
	profileId?: number;
	tags?: number[];
	originalTitle?: string | null;
	scene?: Partial<Scene>;
}

export interface FileSetup {
	quality?: string;
	revision?: number;
	repack?: boolean;
	group?: string;
	size?: number;
	formats?: number[];
	added?: number;
}

export class Builder {
	private absolute = new Map<number, number>();

	constructor(readonly app: App) {}

	get now(): number {
		return this.app.clock.now();
	}

	rootFolder(path: string): string {
		const { store } = this.app;
		for (const known of store.rootFolders.values()) if (known.path === path) return path;
		const id = store.nextId('rootFolders');
		store.rootFolders.set(id, { id, path });
		return path;
	}

	defaultRoot(): string {
		const { family } = this.app.traits;
		const path = {
			sonarr: '/data/tv',
			radarr: '/data/movies',
			whisparr2: '/data/sites',
			whisparr3: '/data/scenes',
		}[family];
		return this.rootFolder(path);
	}

	profile(setup: ProfileSetup): Profile {
		const { store } = this.app;
		const profile = makeProfile(store.qualities, store.nextId('profiles'), setup);
		store.profiles.set(profile.id, profile);
		return profile;
	}

	format(name: string, pattern: string, by: CustomFormat['by'] = 'title'): CustomFormat {
		const { store } = this.app;
		const format = { id: store.nextId('formats'), name, pattern, by };
		store.formats.set(format.id, format);
		return format;
	}

	quality(name: string): number {
		const found = this.app.store.qualities.all().find((quality) => quality.name === name);
		if (found === undefined) throw new Error(`No quality ${name}`);
		return found.id;
	}

	series(setup: SeriesSetup): Series {
		const { store } = this.app;
		const id = store.nextId('series');
		const isW2 = this.app.traits.family === 'whisparr2';
		return store.addSeries({
			id,
			tvdbId: setup.tvdbId ?? (isW2 ? 9000 + id : 900_000 + id),
			title: setup.title,
			slug: slugOf(setup.title),
			kind: isW2 ? 'standard' : (setup.kind ?? 'standard'),
			status: setup.status ?? 'continuing',
			year: setup.year ?? 2019,
			runtime: setup.runtime ?? (isW2 ? 0 : 45),
			network: setup.network ?? 'Example TV',
			monitored: setup.monitored ?? true,
			profileId: setup.profileId ?? this.lastProfile(),
			tags: setup.tags ?? [],
			rootFolder: setup.rootFolder ?? this.defaultRoot(),
			added: this.now - 300 * DAY,
			seasons: [],
			alternates: setup.alternates ?? 0,
			episodes: [],
		});
	}

	season(series: Series, number: number, monitored = true): void {
		if (!series.seasons.some((season) => season.number === number)) {
			series.seasons.push({ number, monitored });
			series.seasons.sort((a, b) => a.number - b.number);
		}
	}

	episode(series: Series, season: number, setup: EpisodeSetup): Episode {
		const { store } = this.app;
		this.season(series, season);
		const id = store.nextId('episodes');
		const counts = series.kind === 'anime' && season > 0;
		const absolute = setup.absolute ?? (counts ? this.nextAbsolute(series) : null);
		return store.addEpisode({
			id,
			seriesId: series.id,
			season,
			number: setup.number,
			tvdbId: setup.tvdbId ?? 7_000_000 + id,
			title: setup.title ?? null,
			airs: setup.airs,
			monitored: setup.monitored ?? true,
			fileId: 0,
			searched: null,
			absolute,
			finale: setup.finale ?? null,
			runtime: 0,
		});
	}

	/** Weekly episodes from a first air date. */
	weekly(series: Series, season: number, count: number, first: number, step = 7 * DAY): Episode[] {
		const episodes: Episode[] = [];
		for (let i = 0; i < count; i++)
			episodes.push(this.episode(series, season, { number: i + 1, airs: first + i * step }));
		return episodes;
	}

	movie(setup: MovieSetup): Movie {
		const { store } = this.app;
		const id = store.nextId('movies');
		const isW3 = this.app.traits.family === 'whisparr3';
		const isScene = setup.scene?.isScene === true;
		const tmdbId = setup.tmdbId ?? (isScene ? 0 : 900_000 + id);
		return store.addMovie({
			id,
			title: setup.title,
			originalTitle: setup.originalTitle ?? null,
			year: setup.year ?? 2020,
			status: setup.status ?? 'released',
			minimumAvailability: setup.minimumAvailability ?? 'released',
			inCinemas: setup.inCinemas ?? null,
			digital: setup.digital ?? null,
			physical: setup.physical ?? null,
			monitored: setup.monitored ?? true,
			profileId: setup.profileId ?? this.lastProfile(),
			tags: setup.tags ?? [],
			rootFolder: this.defaultRoot(),
			runtime: isScene ? 30 : 101,
			tmdbId,
			fileId: 0,
			searched: null,
			added: this.now - 300 * DAY,
			scene: isW3 ? this.scene(id, tmdbId, setup.scene ?? {}) : null,
		});
	}

	studio(title: string, aliases: string[] = []): Studio {
		const { store } = this.app;
		const id = store.nextId('studios');
		const studio = { id, title, foreignId: uuid(9000 + id, 1), aliases, monitored: true };
		store.studios.set(id, studio);
		return studio;
	}

	performer(name: string): Performer {
		const { store } = this.app;
		const id = store.nextId('performers');
		const performer = { id, name, foreignId: uuid(8000 + id, 2), monitored: true };
		store.performers.set(id, performer);
		return performer;
	}

	file(ownerId: number, season: number, setup: FileSetup = {}): MediaFile {
		const { store } = this.app;
		const id = store.nextId('files');
		return store.addFile({
			id,
			ownerId,
			season,
			quality: this.quality(setup.quality ?? 'WEBDL-1080p'),
			revision: setup.revision ?? 1,
			repack: setup.repack ?? false,
			group: setup.group ?? 'GRP',
			size: setup.size ?? 1_000_000_000 + (hash(id, 3) % 2_000_000_000),
			added: setup.added ?? this.now - 200 * DAY,
			formats: setup.formats ?? [],
			name: null,
		});
	}

	/** One file for one or more episodes. */
	fileFor(episodes: Episode[], setup: FileSetup = {}): MediaFile {
		const first = episodes[0];
		if (first === undefined) throw new Error('A file needs an episode');
		const file = this.file(first.seriesId, first.season, setup);
		for (const episode of episodes) episode.fileId = file.id;
		return file;
	}

	movieFile(movie: Movie, setup: FileSetup = {}): MediaFile {
		const file = this.file(movie.id, 0, setup);
		movie.fileId = file.id;
		return file;
	}

	private scene(id: number, tmdbId: number, setup: Partial<Scene>): Scene {
		const isScene = setup.isScene ?? false;
		return {
			isScene,
			foreignId: setup.foreignId ?? (isScene ? uuid(id, 3) : String(tmdbId)),
			releaseDate: setup.releaseDate ?? null,
			studio: setup.studio ?? null,
			studioForeignId: setup.studioForeignId ?? null,
			performer: setup.performer ?? null,
		};
	}

	private lastProfile(): number {
		return this.app.store.lastId('profiles');
	}

	private nextAbsolute(series: Series): number {
		const next = (this.absolute.get(series.id) ?? series.episodes.filter((one) => one.season > 0).length) + 1;
		this.absolute.set(series.id, next);
		return next;
	}
}

export function uuid(a: number, b: number): string {
	const text = hex(32, a, b);
	return `${text.slice(0, 8)}-${text.slice(8, 12)}-4${text.slice(13, 16)}-8${text.slice(17, 20)}-${text.slice(20, 32)}`;
}
