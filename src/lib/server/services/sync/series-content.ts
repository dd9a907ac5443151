/**
 * Episodes and files: two series are read at once, and what differs from the last reading is written in batches of
 * many series, one transaction each. Memory holds at most two batches.
 */
import type { SQL } from 'bun';
import { isArrError } from '../../connectors/common/errors';
import { copyInto, copyLine, drizzleOn, intList, isKeyTaken, openStages } from '../../db/bulk';
import {
	applyEpisodes,
	compareEpisodePairs,
	dropDuplicateEpisodes,
	findChangedIdentities,
	markAbsentEpisodes,
	noteSeriesFilled,
	noteSeriesRead,
	noteSeriesUnchanged,
	seriesToRead,
	type SeriesToRead,
	type ShrunkSeries,
	type UnchangedSeries,
} from '../../db/queries/mirror-episodes';
import { applySeriesFiles, dropUnusedSeriesFiles } from '../../db/queries/mirror-files';
import { lockForFewRows, lockMirror } from '../../db/queries/mirror-mark';
import { isAccepted } from '../../db/queries/mirror-runs';
import {
	EPISODE_ROWS,
	FILE_ROWS,
	STAGE_EPISODES,
	STAGE_FILES,
	STAGE_READ,
	STAGE_UNREADABLE,
} from '../../db/queries/mirror-stage';
import { commitUnit, confirmInstance, isOtherInstance } from './instance';
import { noteContentWritten } from './list-memory';
import { isUnchanged, readSeries, type SeriesReading } from './series-reading';
import { settleShrunk } from './series-shrunk';
import { note, SyncProblem, type SyncSession, type WriteSession } from './session';

const READERS = 2;
const REQUESTS_PER_SERIES = 2;
/** A scheduled sync that needs more requests is spread; a smaller one is over sooner than it could be felt. */
const SPREAD_ABOVE = 2_000;
const ROWS_PER_BATCH = 6_000;
const UNCHANGED_PER_WRITE = 500;

/** Reads all series, or only the stale and unread ones, and writes what changed. */
export async function syncSeriesContent(session: SyncSession): Promise<void> {
	const { ctx, connector, mode, options } = session;
	const todo = await seriesToRead(ctx.bulk, connector.id, mode === 'full');
	const writer = new BatchWriter(session);
	let next = 0;
	let done = 0;
	const reader = async (): Promise<void> => {
		try {
			for (let series = todo[next++]; series !== undefined; series = todo[next++]) {
				await pace(session, next, todo.length);
				const reading = await readOrSkip(session, series);
				if (reading !== null) await writer.take(reading);
				options.onProgress?.(++done, todo.length);
			}
		} finally {
			// one that fails stops the other after its series
			next = todo.length;
		}
	};
	const ends = await Promise.allSettled(Array.from({ length: READERS }, reader));
	await writer.finish();
	for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

/** Spreads a large scheduled sync evenly; does nothing otherwise. */
async function pace(session: SyncSession, position: number, total: number): Promise<void> {
	const { ctx, options, startedAt } = session;
	const { spreadMs, signal } = options;
	signal?.throwIfAborted();
	if (spreadMs === undefined || total * REQUESTS_PER_SERIES <= SPREAD_ABOVE) return;
	const due = startedAt.getTime() + (spreadMs * position) / total;
	const wait = due - ctx.clock.now();
	if (wait > 0) await ctx.clock.sleep(wait, signal);
}

/** Null for a series that has just gone: the list will tell. */
async function readOrSkip(session: SyncSession, series: SeriesToRead): Promise<SeriesReading | null> {
	try {
		const reading = await readSeries(session.client, session.connector.id, series, session.options.signal);
		note(session.detail.unreadable, ...reading.problems);
		return reading;
	} catch (error) {
		if (!isArrError(error) || error.decision !== 'give_up_item') throw error;
		note(session.detail.skipped, `${series.title}: ${error.message}`);
		return null;
	}
}

/** Collects readings until a batch is full; one batch is written while the next is read. */
class BatchWriter {
	#batch: SeriesReading[] = [];
	#rows = 0;
	#unchanged: UnchangedSeries[] = [];
	#writing: Promise<void> = Promise.resolve();
	readonly #shrunk: ShrunkSeries[] = [];

	constructor(private readonly session: SyncSession) {}

	async take(reading: SeriesReading): Promise<void> {
		const { detail } = this.session;
		detail.seriesRead++;
		if (isUnchanged(reading)) {
			detail.seriesUnchanged++;
			this.#unchanged.push({ id: reading.series.id, hash: reading.hash });
		} else {
			this.#batch.push(reading);
			this.#rows += reading.rows;
		}
		if (this.#rows >= ROWS_PER_BATCH || this.#unchanged.length >= UNCHANGED_PER_WRITE) await this.#flush();
	}

	async finish(): Promise<void> {
		await this.#flush();
		await this.#writing;
		await settleShrunk(this.session, this.#shrunk);
	}

	async #flush(): Promise<void> {
		const batch = this.#batch;
		const unchanged = this.#unchanged;
		this.#batch = [];
		this.#unchanged = [];
		this.#rows = 0;
		const before = this.#writing;
		this.#writing = before.then(() => this.#write(batch, unchanged));
		// a failure is told by the next flush or at the end
		this.#writing.catch(() => undefined);
		await before;
	}

	async #write(batch: readonly SeriesReading[], unchanged: readonly UnchangedSeries[]): Promise<void> {
		const { ctx, connector } = this.session;
		if (unchanged.length > 0) await noteSeriesUnchanged(ctx.bulk, unchanged, ctx.clock.date());
		if (batch.length === 0) return;
		if (connector.mirrorComplete) await confirmInstance(this.session);
		this.#shrunk.push(...(await writeBatch(this.session, batch)));
	}
}

/** One transaction for all series of the batch. Gives back those whose lists shrank too much to be believed. */
export async function writeBatch(
	session: WriteSession,
	batch: readonly SeriesReading[],
): Promise<ShrunkSeries[]> {
	const isNew = batch.every(({ series, unreadable }) => series.isNew && unreadable.length === 0);
	if (isNew && (await fillBatch(session, batch))) return [];
	return commitUnit(session.ctx.bulk, async (tx) => {
		noteContentWritten(session, await lockForFewRows(tx, session.connector.id), arrIdsOf(batch));
		await stageBatch(tx, batch);
		const duplicates = await dropDuplicateEpisodes(tx);
		if (duplicates > 0) note(session.detail.duplicates, `${duplicates} episodes`);
		const shrunk = await compareBatch(session, tx);
		const doubted = intList(shrunk.map(({ seriesId }) => seriesId));
		await noteSeriesRead(tx, session.ctx.clock.date(), doubted);
		return shrunk;
	});
}

/**
 * Series that have no rows yet: nothing can differ or be missing, so their lines go straight into the tables. False,
 * with nothing written, where that cannot be: an id or a key came twice, or moved here from another series.
 */
async function fillBatch(session: WriteSession, batch: readonly SeriesReading[]): Promise<boolean> {
	const { ctx, connector } = session;
	const read = batch.map(({ series, whole, hash }) => ({ id: series.id, whole, hash }));
	try {
		await commitUnit(ctx.bulk, async (tx) => {
			noteContentWritten(session, await lockMirror(tx, connector.id), arrIdsOf(batch));
			await copyInto(tx, FILE_ROWS, texts(batch, 'files'));
			await copyInto(tx, EPISODE_ROWS, texts(batch, 'episodes'));
			await noteSeriesFilled(tx, read, ctx.clock.date());
		});
	} catch (error) {
		if (!isKeyTaken(error)) throw error;
		return false;
	}
	session.changed += batch.reduce((sum, { rows }) => sum + rows, 0);
	return true;
}

const arrIdsOf = (batch: readonly SeriesReading[]): number[] => batch.map(({ series }) => series.arrId);

const texts = (batch: readonly SeriesReading[], lines: 'files' | 'episodes'): string[] =>
	batch.map((one) => one[lines]).filter((text) => text !== '');

/** Writes what differs; gives back series whose lists shrank too much to be believed. */
async function compareBatch(session: WriteSession, tx: SQL): Promise<ShrunkSeries[]> {
	const { connector, ctx } = session;
	await checkEpisodePairs(session, tx);
	await resetChangedIdentities(session, tx);
	session.changed += await applySeriesFiles(tx, connector.id);
	session.changed += await applyEpisodes(tx, connector.id);
	const accepted = await isAccepted(tx, connector.id, 'shrink_episodes');
	const { unconfirmed, deleted, shrunk } = await markAbsentEpisodes(tx, ctx.clock.date(), accepted);
	session.changed += unconfirmed + deleted;
	session.detail.unconfirmed += unconfirmed;
	session.detail.deleted += deleted;
	await dropUnusedSeriesFiles(tx, connector.id);
	return shrunk;
}

async function stageBatch(tx: SQL, batch: readonly SeriesReading[]): Promise<void> {
	await openStages(tx, STAGE_EPISODES, STAGE_FILES, STAGE_UNREADABLE, STAGE_READ);
	const read = batch.map(({ series, whole, hash }) => copyLine([series.id, whole, hash]));
	await copyInto(tx, STAGE_READ, read);
	await copyInto(tx, STAGE_EPISODES, texts(batch, 'episodes'));
	await copyInto(tx, STAGE_FILES, texts(batch, 'files'));
	await copyInto(
		tx,
		STAGE_UNREADABLE,
		batch.flatMap((one) => one.unreadable),
	);
}

async function checkEpisodePairs(session: WriteSession, tx: SQL): Promise<void> {
	const pairs = await compareEpisodePairs(tx, session.connector.id);
	if (pairs.same + pairs.different === 0 || !isOtherInstance(pairs)) return;
	throw new SyncProblem(
		'instance_changed',
		`The episodes that ${session.connector.name} answered belong to another instance. They were not used.`,
	);
}

async function resetChangedIdentities(session: WriteSession, tx: SQL): Promise<void> {
	const changed = await findChangedIdentities(tx);
	if (changed.length === 0) return;
	session.detail.resetTargets.push(...changed);
	await session.options.identityChanged?.(drizzleOn(tx), changed);
}
