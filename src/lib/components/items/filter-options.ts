/** What the lists can be filtered and sorted by, in words. */
import { stateSigns } from '../shared/vocabulary';
import { SEARCH_STATES } from '$lib/domain/words';

const any = { value: '', label: 'any' };

/** Of what is not wanted the lists of everything know more. */
const notWanted = { value: 'wanted', label: 'Not wanted' };
const why = [
	any,
	{ value: 'turn', label: 'Waits its turn' },
	{ value: 'state', label: 'Cooldown or rest' },
	{ value: 'not_in_flight', label: 'Download under way' },
	{ value: 'grace_and_delay', label: 'Grace time' },
	{ value: 'not_excluded', label: 'Excluded' },
	{ value: 'mode_active', label: 'Connector observes' },
	{ value: 'connector_enabled', label: 'Connector disabled' },
	{ value: 'not_paused', label: 'Paused' },
	{ value: 'reachable', label: 'Connector away' },
	{ value: 'usable_indexer', label: 'No usable indexer' },
	{ value: 'download_client', label: 'No download client' },
];

export const filterOptions = {
	state: [
		any,
		...SEARCH_STATES.map((value) => ({ value, label: stateSigns[value].word })),
		{ value: 'excluded', label: 'Excluded' },
	],
	why,
	whyOfAll: [...why, notWanted],
	kind: [any, { value: 'episode', label: 'Episodes' }, { value: 'movie', label: 'Movies and scenes' }],
	sort: [
		{ value: 'priority', label: 'priority' },
		{ value: 'title', label: 'title' },
		{ value: 'age', label: 'newest' },
		{ value: 'state', label: 'state' },
	],
} as const;
