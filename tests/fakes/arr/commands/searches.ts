// The search commands of both shapes.
import type { App } from '../app.ts';
import type { Process } from '../process.ts';
import { missingText } from '../http/answer.ts';
import { forEpisode, forMovie, forSeason, type Criteria } from '../search/criteria.ts';
import { searchAndGrab, type SearchRun } from '../search/searcher.ts';
import type { Episode, MediaFile, Movie, Series } from '../state/model.ts';
import { isBelowCutoff } from '../state/profiles.ts';
import { missingFrom } from '../state/rules.ts';
import { CommandFailure, type Command, type Definition } from './command.ts';

const NOT_FOUND = 'NzbDrone.Core.Datastore.ModelNotFoundException';

function runFor(command: Command, seasonSearch: boolean): SearchRun {
	const userInvoked = command.trigger === 'manual';
	return {
		commandId: command.id,
		interactive: false,
		source: userInvoked ? 'UserInvokedSearch' : 'Search',
		progress: (message) => {
			command.message = message;
		},
		context: { userInvoked, seasonSearch, rss: false, neverFits: false },
	};
}

function searchAll(app: App, command: Command, all: Criteria[], seasonSearch: boolean): Process<number> {
	return searchAndGrab(app, all, runFor(command, seasonSearch));
}

function numbers(command: Command, name: string): number[] | null {
	const value = command.props[name];
	return Array.isArray(value) ? value.map(Number) : null;
}

function int(command: Command, name: string): number {
	return Number(command.props[name] ?? 0);
}

function* episodeSearch(app: App, command: Command): Process<string | null> {
	const ids = numbers(command, 'episodeIds');
	if (ids === null) {
		throw new CommandFailure(
			'System.NullReferenceException',
			'Object reference not set to an instance of an object.',
		);
	}
	let final: string | null = null;
	for (const id of ids) {
		const episode = app.store.episodes.get(id);
		if (episode === undefined) throw new CommandFailure(NOT_FOUND, missingText('Episode', id));
		const grabbed = yield* searchAll(app, command, forEpisode(app, episode), false);
		final = `Episode search completed. ${grabbed} reports downloaded.`;
		command.message = final;
		if (id !== ids.at(-1)) yield 120;
	}
	return final;
}

function seriesFor(app: App, id: number): Series {
	const series = app.store.series.get(id);
	if (series === undefined) throw new CommandFailure(NOT_FOUND, missingText('Series', id));
	return series;
}

function* seasonSearch(app: App, command: Command): Process<string | null> {
	const id = int(command, 'seriesId');
	const known = app.store.series.get(id);
	if (known === undefined && app.traits.seasonOfUnknownSeries === 'completed') {
		yield 5;
		return 'Season search completed. 0 reports downloaded.';
	}
	const series = known ?? seriesFor(app, id);
	const all = forSeason(app, series, int(command, 'seasonNumber'));
	const grabbed = yield* searchAll(app, command, all, true);
	return `Season search completed. ${grabbed} reports downloaded.`;
}

function* seriesSearch(app: App, command: Command): Process<string | null> {
	const series = seriesFor(app, int(command, 'seriesId'));
	const seasons = series.seasons.filter((season) => season.monitored);
	let grabbed = 0;
	for (const season of seasons) {
		grabbed += yield* searchAll(app, command, forSeason(app, series, season.number), true);
	}
	if (seasons.length === 0) {
		const now = app.clock.now();
		const lacking = series.episodes.filter(
			(one) => one.monitored && one.fileId === 0 && one.airs !== null && one.airs <= now,
		);
		for (const episode of lacking) grabbed += yield* searchAll(app, command, forEpisode(app, episode), false);
	}
	return `Series search completed. ${grabbed} reports downloaded.`;
}

/** Missing or cutoff unmet, per season: one episode alone is searched singly, more of them as a season. */
function* bulkEpisodes(
	app: App,
	command: Command,
	fits: (episode: Episode, series: Series) => boolean,
): Process<string | null> {
	const only = int(command, 'seriesId');
	let grabbed = 0;
	let count = 0;
	for (const series of [...app.store.series.values()]) {
		if (only > 0 && series.id !== only) continue;
		const bySeason = new Map<number, Episode[]>();
		for (const episode of series.episodes) {
			if (!fits(episode, series) || app.downloads.hasUnderWay({ episodeId: episode.id })) continue;
			bySeason.set(episode.season, [...(bySeason.get(episode.season) ?? []), episode]);
		}
		for (const [season, episodes] of bySeason) {
			count += episodes.length;
			const first = episodes[0];
			const single = episodes.length === 1 && first !== undefined;
			const all = single ? forEpisode(app, first) : forSeason(app, series, season);
			grabbed += yield* searchAll(app, command, all, !single);
		}
	}
	return `Completed search for ${count} episodes. ${grabbed} reports downloaded.`;
}

function isMissing(app: App): (episode: Episode, series: Series) => boolean {
	return (episode, series) => {
		const from = missingFrom(episode, series);
		return (
			series.monitored &&
			episode.monitored &&
			episode.fileId === 0 &&
			from !== null &&
			from <= app.clock.now()
		);
	};
}

function isCutoffUnmet(app: App): (episode: Episode, series: Series) => boolean {
	return (episode, series) => {
		const file = app.store.files.get(episode.fileId);
		return series.monitored && episode.monitored && file !== undefined && below(app, series, file);
	};
}

function below(app: App, owner: Series | Movie, file: MediaFile): boolean {
	return isBelowCutoff(app.store.profileOf(owner), file.quality);
}

function* moviesSearch(app: App, command: Command): Process<string | null> {
	const ids = numbers(command, 'movieIds');
	if (ids === null) {
		throw new CommandFailure('System.ArgumentNullException', "Value cannot be null. (Parameter 'source')");
	}
	if (app.traits.batchCheckedFirst) checkBatch(app, ids);
	let movies = ids.map((id) => app.store.movies.get(id));
	if (app.traits.batchCheckedFirst) {
		movies = [...movies].sort((a, b) => (a?.searched ?? 0) - (b?.searched ?? 0));
	}
	command.message = `Performing search for ${ids.length} movies`;
	if (ids.length > 0) yield 60;
	let grabbed = 0;
	for (const [index, movie] of movies.entries()) {
		if (movie === undefined) throw new CommandFailure(NOT_FOUND, missingText('Movie', ids[index] ?? 0));
		grabbed += yield* searchAll(app, command, forMovie(app, movie), false);
	}
	if (!app.traits.batchCheckedFirst) return `Movie search completed. ${grabbed} reports downloaded.`;
	return `Completed search for ${ids.length} movies. ${grabbed} reports downloaded.`;
}

function checkBatch(app: App, ids: number[]): void {
	const found = new Set(ids.filter((id) => app.store.movies.has(id))).size;
	if (found === ids.length) return;
	const message = `Expected query to return ${ids.length} rows but returned ${found}`;
	throw new CommandFailure('System.ApplicationException', message);
}

function* bulkMovies(app: App, command: Command, fits: (movie: Movie) => boolean): Process<string | null> {
	const movies = [...app.store.movies.values()].filter(
		(movie) => movie.monitored && fits(movie) && !app.downloads.hasUnderWay({ movieId: movie.id }),
	);
	command.message = `Performing search for ${movies.length} movies`;
	let grabbed = 0;
	for (const movie of movies) grabbed += yield* searchAll(app, command, forMovie(app, movie), false);
	return `Completed search for ${movies.length} movies. ${grabbed} reports downloaded.`;
}

/** Whisparr 3: fails at the first item without a date, and searches nothing after it. */
function* ofPeople(app: App, command: Command, movies: Movie[], name: string): Process<string | null> {
	let grabbed = 0;
	for (const movie of movies.filter((one) => one.monitored)) {
		if (movie.scene?.releaseDate === null) {
			throw new CommandFailure('System.InvalidOperationException', 'Nullable object must have a value.');
		}
		grabbed += yield* searchAll(app, command, forMovie(app, movie), false);
	}
	return `${name} search completed. ${grabbed} reports downloaded.`;
}

function byStudio(app: App, ids: number[]): Movie[] {
	const foreign = ids.map((id) => app.store.studios.get(id)?.foreignId);
	return [...app.store.movies.values()].filter((movie) =>
		foreign.includes(movie.scene?.studioForeignId ?? '-'),
	);
}

function byPerformer(app: App, ids: number[]): Movie[] {
	return [...app.store.movies.values()].filter((movie) => ids.includes(movie.scene?.performer ?? -1));
}

export const SERIES_SEARCHES: Definition[] = [
	{
		name: 'EpisodeSearch',
		isSearch: true,
		properties: [{ name: 'episodeIds', type: 'ints' }],
		run: episodeSearch,
	},
	{
		name: 'SeasonSearch',
		isSearch: true,
		properties: [
			{ name: 'seriesId', type: 'int', fallback: 0 },
			{ name: 'seasonNumber', type: 'int', fallback: 0 },
		],
		run: seasonSearch,
	},
	{
		name: 'SeriesSearch',
		isSearch: true,
		properties: [{ name: 'seriesId', type: 'int', fallback: 0 }],
		run: seriesSearch,
	},
	{
		name: 'MissingEpisodeSearch',
		isSearch: true,
		properties: [
			{ name: 'seriesId', type: 'int' },
			{ name: 'monitored', type: 'bool', fallback: true },
		],
		run: (app, command) => bulkEpisodes(app, command, isMissing(app)),
	},
	{
		name: 'CutoffUnmetEpisodeSearch',
		isSearch: true,
		properties: [
			{ name: 'seriesId', type: 'int' },
			{ name: 'monitored', type: 'bool', fallback: true },
		],
		run: (app, command) => bulkEpisodes(app, command, isCutoffUnmet(app)),
	},
];

export const MOVIE_SEARCHES: Definition[] = [
	{
		name: 'MoviesSearch',
		isSearch: true,
		properties: [{ name: 'movieIds', type: 'ints' }],
		run: moviesSearch,
	},
	{
		name: 'MissingMoviesSearch',
		isSearch: true,
		properties: [],
		run: (app, command) => bulkMovies(app, command, (movie) => movie.fileId === 0 && movie.year > 0),
	},
	{
		name: 'CutoffUnmetMoviesSearch',
		isSearch: true,
		properties: [],
		run: (app, command) =>
			bulkMovies(app, command, (movie) => {
				const file = app.store.files.get(movie.fileId);
				return file !== undefined && below(app, movie, file);
			}),
	},
];

export const PEOPLE_SEARCHES: Definition[] = [
	{
		name: 'StudiosSearch',
		isSearch: true,
		properties: [
			{ name: 'studioIds', type: 'ints' },
			{ name: 'years', type: 'ints', fallback: [] },
		],
		run: (app, command) =>
			ofPeople(app, command, byStudio(app, numbers(command, 'studioIds') ?? []), 'Studio'),
	},
	{
		name: 'PerformersSearch',
		isSearch: true,
		properties: [
			{ name: 'performerIds', type: 'ints' },
			{ name: 'studioIds', type: 'ints' },
		],
		run: (app, command) =>
			ofPeople(app, command, byPerformer(app, numbers(command, 'performerIds') ?? []), 'Performer'),
	},
];
