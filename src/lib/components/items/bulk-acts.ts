/** What can be done with many items at once, and what it does. */
export const BULK_ACTS = ['search', 'exclude', 'include', 'giveUp', 'reset'] as const;
export type BulkActName = (typeof BULK_ACTS)[number];

export interface BulkAct {
	name: BulkActName;
	word: string;
	effect: string;
	/** What stays as it is. */
	stays: string;
}

/** What an act would be done to; the page asks before it is done. */
export interface BulkPreview {
	act: BulkActName;
	refs: string[];
}

export const bulkActs: readonly BulkAct[] = [
	{
		name: 'search',
		word: 'Search',
		effect: 'They go first in line and pass over their cooldown; no attempt is counted.',
		stays: 'Budget and distance between searches are kept, so it takes its time.',
	},
	{
		name: 'exclude',
		word: 'Exclude',
		effect: 'They are not searched until you include them again.',
		stays: 'What is being searched is watched to its end. Attempts and cooldowns stay.',
	},
	{
		name: 'include',
		word: 'Include',
		effect: 'Their exclusion is taken back; they get in line again.',
		stays: 'Attempts and cooldowns stay.',
	},
	{
		name: 'giveUp',
		word: 'Give up',
		effect: 'No more searches until you reset them or ask for one yourself.',
		stays: 'Nothing changes in their application.',
	},
	{
		name: 'reset',
		word: 'Reset',
		effect: 'Their attempts and cooldowns are forgotten, as if never searched. This cannot be taken back.',
		stays: 'The history of their searches stays in Activity.',
	},
];
