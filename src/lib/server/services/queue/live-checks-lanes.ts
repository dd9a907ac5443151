/** Whether the arr has a worker to spare: a search must not hold off others' searches, imports or download tracking. */
import type { CommandRecord } from '../../connectors/common/types';

/** Commands that must not wait behind a search of ours. */
const IMPORTS = new Set([
	'downloadedepisodesscan',
	'downloadedmoviesscan',
	'processmonitoreddownloads',
	'manualimport',
	'rescanseries',
	'rescanmovie',
	'rescanfolders',
	'renamefiles',
	'renameseries',
	'renamemovie',
]);
/** Of the three workers that run everything. */
const MOST_STARTED = 2;

export interface Lanes {
	free: boolean;
	/** Names of what keeps them busy. */
	busy: string[];
	/** After an hour of being closed one search is let through if fewer than three commands are started. */
	spare: boolean;
}

/** `foreign`: search commands in the list that are not ours. A command started before `startTime` is dead. */
export function judgeLanes(
	commands: readonly CommandRecord[],
	foreign: readonly CommandRecord[],
	startTime: Date | null,
): Lanes {
	const alive = commands.filter((command) => isAlive(command, startTime));
	const started = alive.filter((command) => command.status === 'started');
	const strangers = foreign.filter((command) => alive.includes(command));
	const imports = alive.filter(
		(command) => command.status === 'queued' && IMPORTS.has(command.name.toLowerCase()),
	);
	const full = started.length < MOST_STARTED ? [] : started;
	const busy = [...new Set([...strangers, ...imports, ...full].map((command) => command.name))];
	return { free: busy.length === 0, busy, spare: started.length <= MOST_STARTED };
}

function isAlive(command: CommandRecord, startTime: Date | null): boolean {
	if (command.status !== 'queued' && command.status !== 'started') return false;
	if (command.status === 'queued' || startTime === null || command.started === null) return true;
	return command.started >= startTime;
}
