/** What only the two Whisparrs write in their answers (arr §4.5, §4.6). */
import * as v from 'valibot';
import { orElse } from '../common/schema';

const option = orElse(v.boolean(), false);

/** `/config/indexer` of Whisparr 3: which text queries a scene search makes. */
export const searchOptions = v.object({
	searchTitleOnly: option,
	searchTitleDate: option,
});

/** Decides whether a scene search can send any query at all. */
export interface SceneSearch {
	/** Foreign ids of the studios that the application knows. */
	readonly studios: ReadonlySet<string>;
	/** A query without the studio's name is made, so that unknown studios do no harm. */
	readonly byTitle: boolean;
}
