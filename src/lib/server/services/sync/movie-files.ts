/** Files of movies with their scores, which the list does not tell: read in chunks by movie id. */
import { copyInto, openStages } from '../../db/bulk';
import { applyMovieFiles, moviesWithFilesToRead } from '../../db/queries/mirror-files';
import { lockMirror } from '../../db/queries/mirror-mark';
import { fileLine, ownedBy, STAGE_FILES } from '../../db/queries/mirror-stage';
import { commitUnit } from './instance';
import { noteContentWritten } from './list-memory';
import { note, SeenIds, type SyncSession } from './session';

/** Movies per transaction; the client cuts them into URLs that every application takes. */
const MOVIES_PER_BATCH = 5_000;
/** Scores read again per incremental sync after formats or scores changed. */
const TRICKLE = 500;

/** Reads files that are new, changed or whose score may be another; in a full sync all. */
export async function syncMovieFiles(session: SyncSession): Promise<void> {
	const { ctx, connector, mode, options } = session;
	const todo = await moviesWithFilesToRead(ctx.bulk, connector.id, mode === 'full', TRICKLE);
	for (let from = 0; from < todo.length; from += MOVIES_PER_BATCH) {
		const batch = todo.slice(from, from + MOVIES_PER_BATCH);
		const lines = await readFiles(session, batch);
		await commitUnit(ctx.bulk, async (tx) => {
			noteContentWritten(session, await lockMirror(tx, connector.id), []);
			await openStages(tx, STAGE_FILES);
			await copyInto(tx, STAGE_FILES, lines);
			session.changed += await applyMovieFiles(tx, connector.id, 'stage_files');
		});
		options.onProgress?.(Math.min(from + MOVIES_PER_BATCH, todo.length), todo.length);
	}
}

async function readFiles(session: SyncSession, movieArrIds: number[]): Promise<string[]> {
	const lines: string[] = [];
	const seen = new SeenIds('files');
	const reading = session.client.listMovieFiles(movieArrIds, session.options.signal);
	for await (const page of reading)
		for (const item of seen.newOf(page)) {
			if (item.ok) lines.push(fileLine(ownedBy(session.connector.id, item.record.ownerArrId), item.record));
			else note(session.detail.unreadable, `file ${item.arrId}: ${item.problem}`);
		}
	return lines;
}
