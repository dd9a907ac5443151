/**
 * The item itself, read again right before its search: is it still the same, still monitored, out, and in want of what
 * the search is for? What was read goes into the mirror.
 */
import type { AppContext } from '../../app-context';
import type { ArrClient, EpisodeRecord, MovieRecord } from '../../connectors/common/types';
import { markSeriesStale, noteEpisode, noteMovie } from '../../db/queries/dispatches-mirror';
import { tvdbOfKey } from '../../db/queries/dispatches-target';
import type { DispatchRow } from '../../db/queries/dispatches';
import type { WantedReason } from '$lib/domain/words';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** The item whose `lastSearchTime` will be compared, or why there is nothing to search. */
export type ItemCheck =
	| { ok: true; probe: number; lastSearchTime: Date | null; searched: (Date | null)[] }
	| {
			ok: false;
			reason: 'gone' | 'another_item' | 'unmonitored' | 'not_available' | 'file_changed' | 'not_searchable';
	  };

export interface ItemQuestion {
	client: ArrClient;
	dispatch: DispatchRow;
	/** The arr's clock. */
	arrNow: Date;
	/** Whisparr 2: a scene is out the day after its date. */
	wholeDay: boolean;
	/** Minutes, where the episode has none of its own. */
	runtime: number;
}

export async function checkItem(ctx: AppContext, question: ItemQuestion): Promise<ItemCheck> {
	switch (question.dispatch.targetKind) {
		case 'movie':
			return await checkMovie(ctx, question);
		case 'episode':
			return await checkEpisode(ctx, question);
		case 'season':
			return await checkSeason(ctx, question);
	}
}

async function checkMovie(ctx: AppContext, { client, dispatch }: ItemQuestion): Promise<ItemCheck> {
	const [item] = dispatch.target.items;
	if (item === undefined) return { ok: false, reason: 'gone' };
	const read = await client.getMovie({ arrId: item.arrId, naturalKey: item.key });
	if (!read.found) return { ok: false, reason: 'gone' };
	const movie = read.record;
	if (movie.naturalKey !== item.key || movie.arrId !== item.arrId)
		return { ok: false, reason: 'another_item' };
	if (dispatch.connectorId !== null) await noteMovie(ctx.db, dispatch.connectorId, movie);
	const reason = whyNotMovie(movie, dispatch.reason, item.fileArrId);
	if (reason !== null) return { ok: false, reason };
	return {
		ok: true,
		probe: item.arrId,
		lastSearchTime: movie.lastSearchTime,
		searched: [movie.lastSearchTime],
	};
}

function whyNotMovie(movie: MovieRecord, wanted: WantedReason, fileArrId: number) {
	if (!movie.monitored) return 'unmonitored';
	if (!movie.isAvailable) return 'not_available';
	if (movie.notSearchable !== null) return 'not_searchable';
	return isSameFile(movie.fileArrId, wanted, fileArrId) ? null : 'file_changed';
}

async function checkEpisode(ctx: AppContext, question: ItemQuestion): Promise<ItemCheck> {
	const { client, dispatch } = question;
	const { target } = dispatch;
	const [item] = target.items;
	if (item === undefined) return { ok: false, reason: 'gone' };
	const read = await client.getEpisode(item.arrId);
	if (!read.found) return await stale(ctx, dispatch, 'gone');
	const { episode, seriesMonitored } = read.record;
	if (episode.naturalKey !== item.key || episode.seriesArrId !== target.seriesArrId) {
		return await stale(ctx, dispatch, 'another_item');
	}
	if (dispatch.connectorId !== null) await noteEpisode(ctx.db, dispatch.connectorId, episode);
	if (!seriesMonitored) return await stale(ctx, dispatch, 'unmonitored', false);
	const reason = whyNotEpisode(question, episode, item.fileArrId);
	if (reason !== null) return await stale(ctx, dispatch, reason);
	return {
		ok: true,
		probe: item.arrId,
		lastSearchTime: episode.lastSearchTime,
		searched: [episode.lastSearchTime],
	};
}

/** The series and each of its wanted episodes; one that changed takes the whole season back to the planner. */
async function checkSeason(ctx: AppContext, question: ItemQuestion): Promise<ItemCheck> {
	const { client, dispatch } = question;
	const { seriesArrId, seasonNumber, items } = dispatch.target;
	if (seriesArrId === null) return { ok: false, reason: 'gone' };
	const read = await client.getSeries(seriesArrId);
	if (!read.found) return await stale(ctx, dispatch, 'gone');
	if (read.record.tvdbId !== tvdbOfKey(dispatch.targetKey)) return await stale(ctx, dispatch, 'another_item');
	if (!read.record.monitored) return await stale(ctx, dispatch, 'unmonitored', false);
	const now = new Map<number, EpisodeRecord>();
	for await (const page of client.listEpisodes(seriesArrId))
		for (const one of page)
			if (one.ok && one.record.seasonNumber === seasonNumber) now.set(one.record.arrId, one.record);
	const found: EpisodeRecord[] = [];
	for (const item of items.filter((one) => one.wanted)) {
		const episode = now.get(item.arrId);
		if (episode === undefined) return await stale(ctx, dispatch, 'gone');
		if (episode.naturalKey !== item.key) return await stale(ctx, dispatch, 'another_item');
		const reason = whyNotEpisode(question, episode, item.fileArrId);
		if (reason !== null) {
			if (dispatch.connectorId !== null) await noteEpisode(ctx.db, dispatch.connectorId, episode);
			return await stale(ctx, dispatch, reason);
		}
		found.push(episode);
	}
	return probeOf(found);
}

/** The one that was searched longest ago shows best whether this search reached anybody. */
function probeOf(found: readonly EpisodeRecord[]): ItemCheck {
	const oldest = found.toSorted((a, b) => time(a.lastSearchTime) - time(b.lastSearchTime))[0];
	if (oldest === undefined) return { ok: false, reason: 'gone' };
	const searched = found.map((episode) => episode.lastSearchTime);
	return { ok: true, probe: oldest.arrId, lastSearchTime: oldest.lastSearchTime, searched };
}

function whyNotEpisode(question: ItemQuestion, episode: EpisodeRecord, fileArrId: number) {
	if (!episode.monitored) return 'unmonitored';
	if (episode.airDateUtc === null) return 'not_available';
	const lasts = question.wholeDay ? DAY_MS : (episode.runtime || question.runtime) * MINUTE_MS;
	if (episode.airDateUtc.getTime() + lasts > question.arrNow.getTime()) return 'not_available';
	return isSameFile(episode.fileArrId, question.dispatch.reason, fileArrId) ? null : 'file_changed';
}

/** A gap has no file; an upgrade has the one that was judged. */
const isSameFile = (now: number, wanted: WantedReason, before: number): boolean =>
	wanted === 'gap' && before === 0 ? now === 0 : now === before;

type Reason = Extract<ItemCheck, { ok: false }>['reason'];

async function stale(
	ctx: AppContext,
	dispatch: DispatchRow,
	reason: Reason,
	seriesMonitored?: boolean,
): Promise<ItemCheck> {
	if (dispatch.seriesId !== null) await markSeriesStale(ctx.db, dispatch.seriesId, seriesMonitored);
	return { ok: false, reason };
}

const time = (date: Date | null): number => date?.getTime() ?? 0;
