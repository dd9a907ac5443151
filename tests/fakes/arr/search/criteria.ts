// From what a command names to the indexer searches it causes, each with its requests.
import type { App } from '../app.ts';
import { CommandFailure } from '../commands/command.ts';
import { day } from '../json.ts';
import { studiosOf } from '../resources/people.ts';
import { performerOf, episodeTitle } from '../resources/series.ts';
import { cleanOf } from '../resources/text.ts';
import type { Episode, Movie, Series } from '../state/model.ts';
import { episodeCode, sceneDate } from '../state/rules.ts';

export interface Criteria {
	/** As it stands in the progress message, brackets included. */
	label: string;
	/** Their `lastSearchTime` is written. */
	episodes: Episode[];
	movie: Movie | null;
	series: Series | null;
	season: number | null;
	tags: number[];
	/** Requests to one indexer; those of the second tier are sent only if the first found nothing. */
	first: string[];
	second: string[];
	/** Asks only indexers with `animeStandardFormatSearch`. */
	animeSeasonOnly: boolean;
	/** The request cannot be made: each indexer gets a failure instead (Whisparr 2, year 0). */
	impossible: boolean;
	/** Releases may be packs (a season search). */
	packs: boolean;
	/** Whisparr 2, a year with one scene: every result is refused. */
	neverFits: boolean;
}

function base(series: Series | null, movie: Movie | null, episodes: Episode[], label: string): Criteria {
	return {
		label,
		episodes,
		movie,
		series,
		season: null,
		tags: series?.tags ?? movie?.tags ?? [],
		first: [],
		second: [],
		animeSeasonOnly: false,
		impossible: false,
		packs: false,
		neverFits: false,
	};
}

export function forEpisode(app: App, episode: Episode): Criteria[] {
	const series = app.store.seriesOf(episode);
	if (app.traits.family === 'whisparr2') return [forScene(series, episode)];
	if (episode.season === 0 && series.kind !== 'daily') return forSpecials(series, [episode], [episode]);
	const code = episodeCode(episode);
	const id = `tvdbid=${series.tvdbId}`;
	if (series.kind === 'daily') {
		if (episode.airs === null) {
			throw new CommandFailure('NzbDrone.Core.Exceptions.SearchFailedException', 'Air date is missing');
		}
		const criteria = base(series, null, [episode], `[${series.title} : ${day(episode.airs)}]`);
		return [
			{
				...criteria,
				first: [`${id} ${day(episode.airs)}`],
				second: [`${series.title} ${day(episode.airs)}`],
			},
		];
	}
	const criteria = base(series, null, [episode], `[${series.title} : ${code}]`);
	if (series.kind === 'anime') {
		return [
			{ ...criteria, first: [`${id} ${code}`, `${series.title} ${episode.absolute ?? episode.number}`] },
		];
	}
	return [{ ...criteria, first: [`${id} ${code}`], second: [`${series.title} ${code}`] }];
}

function forScene(series: Series, episode: Episode): Criteria {
	if (episode.airs === null) {
		throw new CommandFailure('System.ArgumentNullException', "Value cannot be null. (Parameter 's')");
	}
	const label = `[${series.title} : ${performerOf(episode)} - ${episodeTitle(episode)}]`;
	const date = sceneDate(episode.airs);
	const first = twoSpellings(series).map((name) => `${name} ${date}`);
	return { ...base(series, null, [episode], label), first };
}

/** Title and slug; one request less where both are the same text. */
function twoSpellings(series: Series): string[] {
	return [...new Set([series.title, cleanOf(series.title)])];
}

/** A title search and a number search, each of its own. */
function forSpecials(series: Series, covered: Episode[], asked: Episode[]): Criteria[] {
	const label = `[${series.title} (${capital(series.kind)})] Specials`;
	return asked.flatMap((episode) => [
		{ ...base(series, null, covered, label), season: 0, first: [`${series.title} ${episodeTitle(episode)}`] },
		{
			...base(series, null, covered, `[${series.title} : ${episodeCode(episode)}]`),
			season: 0,
			first: [`tvdbid=${series.tvdbId} ${episodeCode(episode)}`],
			second: [`${series.title} ${episodeCode(episode)}`],
		},
	]);
}

function capital(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}

export function forSeason(app: App, series: Series, season: number): Criteria[] {
	const episodes = series.episodes.filter((episode) => episode.season === season);
	if (app.traits.family === 'whisparr2') return [forYear(series, season, episodes)];
	if (episodes.length === 0) return [];
	const monitored = episodes.filter((episode) => episode.monitored);
	if (season === 0) return forSpecials(series, episodes, monitored);
	if (series.kind === 'anime') return forAnimeSeason(app, series, season, episodes);
	if (series.kind === 'daily') return forDailySeason(series, season, episodes);
	if (episodes.length === 1)
		return forEpisode(app, episodes[0] as Episode).map((one) => ({ ...one, packs: true, season }));
	return [seasonPart(series, season, episodes)];
}

function seasonPart(series: Series, season: number, episodes: Episode[]): Criteria {
	const code = `S${String(season).padStart(2, '0')}`;
	return {
		...base(series, null, episodes, `[${series.title} : ${code}]`),
		season,
		packs: true,
		first: [`tvdbid=${series.tvdbId} ${code}`],
		second: [`${series.title} ${code}`],
	};
}

function forAnimeSeason(app: App, series: Series, season: number, episodes: Episode[]): Criteria[] {
	const now = app.clock.now();
	const aired = episodes.filter((one) => one.monitored && one.airs !== null && one.airs <= now);
	const singles = aired
		.flatMap((episode) => forEpisode(app, episode))
		.map((one) => ({ ...one, season, packs: true }));
	return [{ ...seasonPart(series, season, episodes), animeSeasonOnly: true }, ...singles];
}

function forDailySeason(series: Series, season: number, episodes: Episode[]): Criteria[] {
	const years = new Map<number, Episode[]>();
	for (const episode of episodes) {
		if (episode.airs === null || !episode.monitored) continue;
		const year = new Date(episode.airs).getUTCFullYear();
		years.set(year, [...(years.get(year) ?? []), episode]);
	}
	return [...years].map(([year, covered]) => ({
		...base(series, null, covered, `[${series.title} : ${year}]`),
		season,
		packs: true,
		first: [`tvdbid=${series.tvdbId} ${year}`],
		second: [`${series.title} ${year}`],
	}));
}

function forYear(series: Series, year: number, episodes: Episode[]): Criteria {
	const short = String(year % 100).padStart(2, '0');
	if (episodes.length === 1) {
		const criteria = base(series, null, episodes, `[${series.title} :  - ]`);
		return {
			...criteria,
			season: year,
			neverFits: true,
			first: twoSpellings(series).map((name) => `${name} `),
		};
	}
	const first = twoSpellings(series).flatMap((name) => [`${name} ${short}`, `${name} ${year}`]);
	const criteria = base(series, null, episodes, `[${series.title} : S${String(year).padStart(2, '0')}]`);
	return { ...criteria, season: year, packs: true, first, impossible: year === 0 };
}

export function forMovie(app: App, movie: Movie): Criteria[] {
	const criteria = base(null, movie, [], `[${movie.title}]`);
	if (app.traits.family === 'whisparr3') return forItem(app, movie, criteria);
	const titles = [...new Set([movie.title, movie.originalTitle ?? movie.title])];
	return [
		{
			...criteria,
			first: [`tmdbid=${movie.tmdbId}`],
			second: titles.map((title) => `${title} ${movie.year}`),
		},
	];
}

/** Whisparr 3: one text query per known name of the studio, none where the studio is unknown. */
function forItem(app: App, movie: Movie, criteria: Criteria): Criteria[] {
	const { scene } = movie;
	if (scene === null || !scene.isScene) {
		// the year is put in twice: once for a title with it, once for every title
		const titles = movie.year > 1900 ? [movie.title, `${movie.title} ${movie.year}`] : [movie.title];
		return [{ ...criteria, first: movie.year > 0 ? titles.map((title) => `${title} ${movie.year}`) : [] }];
	}
	if (scene.releaseDate === null) return [];
	const date = sceneDate(scene.releaseDate);
	const names = studiosOf(app, scene).flatMap((studio) => [...studio.aliases, studio.title]);
	const first = names.map((name) => `${name} ${date}`);
	if (app.options.searchTitle) first.unshift(movie.title);
	return [{ ...criteria, first }];
}
