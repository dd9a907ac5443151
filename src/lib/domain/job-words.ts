/** What the schedule runs, in words. */

/** The jobs of a connector in the order in which they are shown. */
export const CONNECTOR_JOBS = ['sync', 'full_sync', 'sweep', 'health'] as const;

const WORDS: Readonly<Record<string, string>> = {
	sync: 'Reading what changed',
	full_sync: 'Full reconciliation',
	sweep: 'Sweep',
	health: 'Health check',
	maintenance: 'Maintenance',
	aggregate: 'Statistics',
	reconcile: 'Schedule',
};

export const jobWords = (name: string): string => WORDS[name] ?? name.replaceAll('_', ' ');

interface Run {
	name: string;
	status: 'failed' | 'overrun';
	reason: string | null;
}

/** What is told of a run that did not go as it should; `connector` is null for the product's own. */
export function runTrouble({ name, status, reason }: Run, connector: string | null): string {
	const words = connector === null ? jobWords(name) : `${connector}: ${jobWords(name).toLowerCase()}`;
	return status === 'failed'
		? `${words} failed: ${reason ?? 'unknown reason'}`
		: `${words} was due again before it had ended; it takes longer than its interval.`;
}
