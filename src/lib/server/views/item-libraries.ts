/** The libraries that a list is about: each connector has one, of episodes or of movies. */
import { asc, inArray } from 'drizzle-orm';
import type { AppContext } from '../app-context';
import { readWantedCounts } from '../db/queries/wanted-counts';
import { connectors } from '../db/schema';
import type { ItemKind, WantedReason } from '$lib/domain/words';

export interface Library {
	connectorId: number;
	kind: ItemKind;
	/** Items wanted of it, as discovery counted them. */
	wanted: Record<WantedReason, number>;
}

/** In the order of their connectors. */
export async function readLibraries(
	ctx: AppContext,
	{ connectorIds, kind }: { connectorIds: readonly number[] | null; kind: ItemKind | null },
): Promise<Library[]> {
	const [rows, counts] = await Promise.all([
		ctx.db
			.select({ connectorId: connectors.id, kind: connectors.kind, shape: connectors.shape })
			.from(connectors)
			.where(connectorIds === null ? undefined : inArray(connectors.id, [...connectorIds, -1]))
			.orderBy(asc(connectors.id)),
		readWantedCounts(ctx.db, connectorIds),
	]);
	const libraries = rows.map((row): Library => {
		const count = counts.find(({ connectorId }) => connectorId === row.connectorId);
		return {
			connectorId: row.connectorId,
			kind: row.shape === 'movies' || row.kind === 'radarr' ? 'movie' : 'episode',
			wanted: count ?? { gap: 0, quality: 0, format: 0 },
		};
	});
	return libraries.filter((library) => kind === null || library.kind === kind);
}
