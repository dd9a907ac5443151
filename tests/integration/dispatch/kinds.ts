// The kinds that outcomes are produced on, and what each of them lets us know.
import type { Kind } from '../../fakes/arr/control';

/** The applications of today in all their versions, and one of each family that shows no search times. */
export const KINDS = [
	'sonarr4',
	'sonarr5',
	'radarr6',
	'whisparr2',
	'whisparr3',
	'sonarr4-old',
	'radarr4',
] as const satisfies Kind[];
export type Tried = (typeof KINDS)[number];

/** What proves that an indexer was asked, and how well. */
export const PROOF: Record<Tried, { proof: string; strength: string }> = {
	sonarr4: { proof: 'last_search_time', strength: 'strong' },
	sonarr5: { proof: 'last_search_time', strength: 'strong' },
	radarr6: { proof: 'last_search_time', strength: 'strong' },
	whisparr2: { proof: 'duration', strength: 'strong' },
	whisparr3: { proof: 'last_search_time', strength: 'weak' },
	'sonarr4-old': { proof: 'health', strength: 'weak' },
	radarr4: { proof: 'health', strength: 'weak' },
};
