// May a search for this item be sent at this virtual moment? Everything that speaks against it, in text codes.
import type { App } from '../app.ts';
import type { Allowed, ItemRef } from '../control/contract.ts';
import type { Episode, Movie } from '../state/model.ts';
import { episodeItem, movieItem } from './truth.ts';

export function allowedNow(app: App, item: ItemRef): Allowed {
	if (item === '*') throw new Error('One item, please');
	if ('episodeId' in item) return forEpisode(app, app.store.episodes.get(item.episodeId));
	if ('movieId' in item) return forMovie(app, app.store.movies.get(item.movieId));
	return forSeason(app, item.seriesId, item.season);
}

const GONE: Allowed = {
	allowed: false,
	against: ['unknown'],
	searched: null,
	searchingNow: false,
	inQueue: false,
};
const NO_GRACE = { grace: 0, specials: true };

/** The commands running or queued that cover it. */
function searching(app: App, covers: (name: string, props: Record<string, unknown>) => boolean): boolean {
	return app.commands
		.unfinished()
		.some(
			(command) => command.definition.isSearch === true && covers(command.definition.name, command.props),
		);
}

function answer(
	against: string[],
	searched: number | null,
	searchingNow: boolean,
	inQueue: boolean,
): Allowed {
	const all = [...against];
	if (searchingNow) all.push('searching-now');
	if (inQueue) all.push('in-queue');
	return { allowed: all.length === 0, against: all, searched, searchingNow, inQueue };
}

function forEpisode(app: App, episode: Episode | undefined): Allowed {
	if (episode === undefined) return GONE;
	const series = app.store.seriesOf(episode);
	const rules = { now: app.clock.now(), ...NO_GRACE };
	const verdict = episodeItem(app, rules, series, episode, app.store.profiles.get(series.profileId));
	const wanted = verdict.gap || verdict.qualityUpgrade || verdict.formatUpgrade;
	const against = wanted ? [] : [episode.fileId > 0 ? verdict.why.quality : verdict.why.gap];
	const now = searching(app, (name, props) => {
		if (name === 'EpisodeSearch')
			return Array.isArray(props.episodeIds) && props.episodeIds.includes(episode.id);
		if (props.seriesId !== series.id) return false;
		return name === 'SeasonSearch' ? props.seasonNumber === episode.season : true;
	});
	return answer(against, episode.searched, now, app.downloads.hasUnderWay({ episodeId: episode.id }));
}

function forMovie(app: App, movie: Movie | undefined): Allowed {
	if (movie === undefined) return GONE;
	const verdict = movieItem(app, { now: app.clock.now(), ...NO_GRACE }, movie);
	const wanted = verdict.gap || verdict.qualityUpgrade || verdict.formatUpgrade;
	const against = wanted ? [] : [movie.fileId > 0 ? verdict.why.quality : verdict.why.gap];
	const now = searching(
		app,
		(_name, props) => Array.isArray(props.movieIds) && props.movieIds.includes(movie.id),
	);
	return answer(against, movie.searched, now, app.downloads.hasUnderWay({ movieId: movie.id }));
}

/** A season may be searched when something in it is wanted and nothing of it is under way or has yet to air. */
function forSeason(app: App, seriesId: number, season: number): Allowed {
	const series = app.store.series.get(seriesId);
	const episodes = series?.episodes.filter((one) => one.season === season) ?? [];
	if (series === undefined || episodes.length === 0) return GONE;
	const all = episodes.map((one) => forEpisode(app, one));
	const against: string[] = [];
	if (!all.some((one) => one.against.every((code) => code === 'in-queue' || code === 'searching-now')))
		against.push('nothing-wanted');
	const now = app.clock.now();
	if (episodes.some((one) => one.monitored && (one.airs === null || one.airs > now)))
		against.push('not-all-aired');
	const searched = all.map((one) => one.searched).filter((one) => one !== null);
	const last = searched.length === 0 ? null : Math.max(...searched);
	return answer(
		against,
		last,
		all.some((one) => one.searchingNow),
		false,
	);
}
