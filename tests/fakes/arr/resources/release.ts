// `/release`: the interactive search, which answers only when every indexer has, and grabbing one of its results.
import type { App } from '../app.ts';
import { failure, list, ok, type Answer } from '../http/answer.ts';
import { CommandFailure } from '../commands/command.ts';
import type { Call, Router } from '../http/router.ts';
import { day, instant, isObject, textOf, type JsonObject } from '../json.ts';
import type { Family } from '../kinds.ts';
import type { Process } from '../process.ts';
import { forEpisode, forMovie, forSeason, type Criteria } from '../search/criteria.ts';
import { find, type Found, type SearchRun } from '../search/searcher.ts';
import { rankOf, scoreOf } from '../state/profiles.ts';
import { formatsOf } from './media.ts';
import { findSeries } from './series.ts';
import { english } from './text.ts';

type Offer = Found['releases'][number];
const KEPT = 30 * 60_000;
const RUN: SearchRun = {
	commandId: null,
	interactive: true,
	source: 'InteractiveSearch',
	progress: () => undefined,
	context: { userInvoked: true, seasonSearch: false, rss: false, neverFits: false },
};

function guidOf(offer: Offer): string {
	return `http://indexer.example/${offer.release.indexerId}/details/${offer.release.title}?passkey=SECRETPASSKEY`;
}

function resource(app: App, offer: Offer, weight: number): JsonObject {
	const { release, rejections } = offer;
	const { store, traits } = app;
	const owner = store.series.get(release.seriesId) ?? store.movies.get(release.movieId);
	const profile = owner === undefined ? undefined : store.profileOf(owner);
	const hours = (app.clock.now() - release.published) / 3_600_000;
	const address = `http://indexer.example/${release.indexerId}`;
	const approved = rejections.length === 0;
	const mapped = release.episodeIds.map((id) => store.episodes.get(id)).filter((one) => one !== undefined);
	const numbers = mapped.map((episode) => episode.number);
	const seriesPart: JsonObject = {
		fullSeason: release.pack,
		seasonNumber: release.season,
		seriesTitle: owner?.title,
		episodeNumbers: release.pack ? [] : numbers,
		absoluteEpisodeNumbers: [],
		mappedSeasonNumber: release.season,
		mappedEpisodeNumbers: numbers,
		mappedAbsoluteEpisodeNumbers: [],
		mappedSeriesId: release.seriesId,
		mappedEpisodeInfo: mapped.map((one) => ({
			id: one.id,
			seasonNumber: one.season,
			episodeNumber: one.number,
			title: one.title ?? 'Episode',
		})),
		tvdbId: 0,
		tvRageId: 0,
		episodeRequested: true,
		indexerFlags: 0,
		isDaily: false,
		isAbsoluteNumbering: false,
		isPossibleSpecialEpisode: false,
		special: false,
	};
	const first = mapped[0];
	const sitePart: JsonObject = {
		airDate: typeof first?.airs === 'number' ? day(first.airs) : undefined,
		seriesTitle: owner?.title,
		mappedSeriesId: release.seriesId,
		mappedEpisodeInfo: mapped.map((one) => ({
			id: one.id,
			seasonNumber: one.season,
			episodeNumber: 0,
			absoluteEpisodeNumber: one.absolute ?? one.id,
			title: one.title ?? 'Scene',
		})),
		tvdbId: 0,
		episodeRequested: true,
		isDaily: true,
	};
	const moviePart: JsonObject = {
		movieTitles: [owner?.title ?? ''],
		mappedMovieId: release.movieId,
		tmdbId: store.movies.get(release.movieId)?.tmdbId,
		imdbId: 0,
		movieRequested: true,
		edition: '',
		indexerFlags: [],
	};
	return {
		guid: guidOf(offer),
		quality: store.qualities.withRevision(release.quality, release.revision, release.repack),
		customFormats: formatsOf(app, release.formats),
		customFormatScore: profile === undefined ? 0 : scoreOf(profile, release.formats),
		qualityWeight: profile === undefined ? 1 : rankOf(profile, release.quality) * 100 + 1,
		age: Math.floor(hours / 24),
		ageHours: hours,
		ageMinutes: hours * 60,
		size: release.size,
		indexerId: release.indexerId,
		indexer: store.indexers.get(release.indexerId)?.name,
		releaseGroup: release.group,
		releaseHash: '',
		title: release.title,
		sceneSource: false,
		languages: [english()],
		languageWeight: traits.shape === 'series' ? 0 : undefined,
		approved,
		temporarilyRejected: false,
		rejected: !approved,
		rejections,
		publishDate: instant(release.published),
		commentUrl: `${address}/details/${release.title}`,
		downloadUrl: `${address}/dl/${release.title}.torrent?passkey=SECRETPASSKEY`,
		infoUrl: `${address}/details/${release.title}`,
		downloadAllowed: true,
		releaseWeight: weight,
		magnetUrl: '',
		infoHash: '',
		seeders: 20,
		leechers: 5,
		protocol: release.protocol,
		...(traits.family === 'whisparr2' ? sitePart : traits.shape === 'series' ? seriesPart : moviePart),
	};
}

/** Runs to its end at once: the answer does not wait for virtual time. */
async function runNow<T>(process: Process<T>): Promise<T> {
	for (;;) {
		const step = process.next();
		if (step.done === true) return step.value;
		if (typeof step.value !== 'number') await step.value;
	}
}

function criteriaFor(call: Call): { all: Criteria[]; season: boolean } | null {
	const { app, query } = call;
	const movieId = query.int('movieId');
	if (movieId !== null) {
		const movie = app.store.movies.get(movieId);
		if (movie === undefined)
			throw failure(
				404,
				`Movie with ID ${movieId} does not exist`,
				'NzbDrone.Core.Datastore.ModelNotFoundException',
			);
		return { all: forMovie(app, movie), season: false };
	}
	const episodeId = query.int('episodeId');
	if (episodeId !== null) {
		const episode = app.store.episodes.get(episodeId);
		if (episode === undefined)
			throw failure(
				404,
				`Episode with ID ${episodeId} does not exist`,
				'NzbDrone.Core.Datastore.ModelNotFoundException',
			);
		return { all: forEpisode(app, episode), season: false };
	}
	const seriesId = query.int('seriesId');
	if (seriesId === null) return null;
	return { all: forSeason(app, findSeries(app, seriesId), query.int('seasonNumber') ?? 1), season: true };
}

async function search(call: Call): Promise<Answer> {
	const { app } = call;
	try {
		const wanted = criteriaFor(call);
		if (wanted === null) {
			for (const indexer of app.store.indexers.values())
				if (indexer.rss) app.indexers.ask(indexer, 'rss', 'rss', null);
			return ok([]);
		}
		const offers: Offer[] = [];
		for (const criteria of wanted.all) {
			const context = { ...RUN.context, seasonSearch: wanted.season, neverFits: criteria.neverFits };
			offers.push(...(await runNow(find(app, criteria, { ...RUN, context }))).releases);
		}
		offers.sort((a, b) => a.rejections.length - b.rejections.length);
		for (const offer of offers)
			app.offers.set(guidOf(offer), { until: app.clock.now() + KEPT, found: offer });
		let weight = 0;
		return list(offers, (offer) => resource(app, offer, weight++));
	} catch (error) {
		if (error instanceof CommandFailure) throw failure(400, error.message, error.exception);
		throw error;
	}
}

async function grab({ app, body }: Call): Promise<Answer> {
	const guid = isObject(body) ? textOf(body.guid) : '';
	const offer = app.offers.get(guid);
	if (offer === undefined || offer.until < app.clock.now()) {
		const text = "Couldn't find requested release in cache, try searching again";
		throw failure(404, text, 'NzbDrone.Core.Exceptions.NzbDroneClientException');
	}
	const { release } = offer.found;
	const client = app.grabber.clientFor(release);
	if (client !== null && !client.reachable) {
		throw failure(500, 'Connection refused (client.example)', 'System.Net.Http.HttpRequestException');
	}
	await runNow(app.grabber.grab(release, 'InteractiveSearch', () => undefined));
	return ok({ guid, indexerId: release.indexerId, ...GRABBED, ...GRABBED_BY[app.traits.family] });
}

const GRABBED: JsonObject = {
	qualityWeight: 0,
	age: 0,
	ageHours: 0,
	ageMinutes: 0,
	size: 0,
	approved: false,
	temporarilyRejected: false,
	rejected: false,
	publishDate: '0001-01-01T00:00:00Z',
	downloadAllowed: false,
	releaseWeight: 0,
	customFormatScore: 0,
	protocol: 'unknown',
	sceneSource: false,
};

const SERIES_GRABBED: JsonObject = { languageWeight: 0, tvdbId: 0, episodeRequested: false, isDaily: false };

/** What the echo of a grab has beside. */
const GRABBED_BY: Record<Family, JsonObject> = {
	sonarr: {
		...SERIES_GRABBED,
		fullSeason: false,
		seasonNumber: 0,
		tvRageId: 0,
		indexerFlags: 0,
		isAbsoluteNumbering: false,
		isPossibleSpecialEpisode: false,
		special: false,
	},
	radarr: { tmdbId: 0, imdbId: 0, movieRequested: false },
	whisparr2: SERIES_GRABBED,
	whisparr3: { tmdbId: 0, movieRequested: false },
};

export function addReleaseRoutes(router: Router): void {
	router.get('release', search);
	router.post('release', grab);
}
