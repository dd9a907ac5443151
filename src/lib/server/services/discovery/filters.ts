/** A connector's filters are kept by label; here they find the arr's ids of today. */
import type { SQL } from 'bun';
import type { ConnectorSettings } from '$lib/domain/settings';
import { intList, textList } from '../../db/bulk';
import { profileIdsByName, tagIdsByLabel } from '../../db/queries/discovery';
import type { ItemFilters } from '../../db/queries/discovery-conditions';

/** A label that no longer exists binds to nothing: an include filter then lets nothing through by it. */
export async function bindFilters(
	sql: SQL,
	connectorId: number,
	{ filters }: ConnectorSettings,
): Promise<ItemFilters> {
	const { includeTags, excludeTags, qualityProfiles, seriesTypes, rootFolders } = filters;
	const tags =
		includeTags.length + excludeTags.length === 0
			? new Map<string, number>()
			: await tagIdsByLabel(sql, connectorId);
	const tagIds = (labels: readonly string[]): string | null =>
		labels.length === 0 ? null : intList(labels.flatMap((label) => tags.get(label.toLowerCase()) ?? []));
	return {
		includeTags: tagIds(includeTags),
		excludeTags: tagIds(excludeTags),
		qualityProfiles:
			qualityProfiles.length === 0
				? null
				: intList(await profileIdsByName(sql, connectorId, qualityProfiles)),
		seriesTypes: seriesTypes.length === 0 ? null : textList(seriesTypes),
		rootFolders:
			rootFolders.length === 0 ? null : textList(rootFolders.map((path) => path.replace(/[/\\]+$/, ''))),
	};
}
