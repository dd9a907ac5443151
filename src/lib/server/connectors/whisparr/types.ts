/** What only the two Whisparrs write in their answers (arr §4.5, §4.6). */
import * as v from 'valibot';
import { orElse } from '../common/schema';

const option = orElse(v.boolean(), false);

/** `/config/indexer` of Whisparr 3: which text queries a scene search makes. Versions without options make them with the date. */
export const searchOptions = v.object({
	searchTitleOnly: option,
	searchTitleDate: option,
	searchStudioDate: orElse(v.boolean(), true),
	searchStudioTitle: option,
	searchStudioCode: option,
});

/** Decides whether a scene search can send any query at all. */
export interface SceneSearch {
	/** Names of the studios that the application knows: titles, search titles and aliases, as `studioName` writes them. */
	readonly studios: ReadonlySet<string>;
	/** A query without the studio's name is made, so that unknown studios do no harm. */
	readonly byTitle: boolean;
	/** Queries made with the studio's name: of every scene, only of those with a code, or none. */
	readonly byStudio: 'always' | 'with_code' | 'never';
}

const UMLAUTS: readonly (readonly [RegExp, string])[] = [
	[/ä/g, 'ae'],
	[/ö/g, 'oe'],
	[/ü/g, 'ue'],
	[/ß/g, 'ss'],
];

/** Whisparr finds the studio of a scene by its name, not by its id: letters and digits alone, without accents. */
export function studioName(title: string): string {
	const lower = UMLAUTS.reduce(
		(text, [from, to]) => text.replace(from, to),
		title.normalize('NFC').toLowerCase(),
	);
	return lower.normalize('NFD').replace(/[^\p{L}\p{N}]/gu, '');
}
