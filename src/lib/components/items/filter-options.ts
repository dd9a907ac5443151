/** What the lists can be filtered and sorted by, in words. */
import { stateSigns } from '../shared/vocabulary';
import { SEARCH_STATES } from '$lib/domain/words';

const any = { value: '', label: 'any' };

export const filterOptions = {
	state: [
		any,
		...SEARCH_STATES.map((value) => ({ value, label: stateSigns[value].word })),
		{ value: 'excluded', label: 'Excluded' },
	],
	why: [
		any,
		{ value: 'turn', label: 'Waits its turn' },
		{ value: 'state', label: 'Cooldown or rest' },
		{ value: 'not_in_flight', label: 'Download under way' },
		{ value: 'grace_and_delay', label: 'Grace time' },
		{ value: 'not_excluded', label: 'Excluded' },
		{ value: 'mode_active', label: 'Connector observes' },
		{ value: 'reachable', label: 'Connector away' },
		{ value: 'usable_indexer', label: 'No usable indexer' },
		{ value: 'budget_and_spacing', label: 'Budget used up' },
		{ value: 'wanted', label: 'Not wanted' },
	],
	kind: [any, { value: 'episode', label: 'Episodes' }, { value: 'movie', label: 'Movies and scenes' }],
	sort: [
		{ value: 'priority', label: 'priority' },
		{ value: 'title', label: 'title' },
		{ value: 'age', label: 'newest' },
		{ value: 'state', label: 'state' },
	],
} as const;
