/** The application refused the command at once: an error of the command, known without watching. */
import type { Conclusion } from './evidence-notes';
import { readNotes } from './evidence-notes';

export const refusedConclusion = (reason: string): Conclusion => ({
	verdict: {
		outcome: 'error',
		strength: 'strong',
		cause: 'command_failed',
		proof: 'command',
		provisional: false,
		grabs: [],
		releasesSeen: null,
		parkedTitles: [],
		complaints: [],
		closes: null,
	},
	notes: { ...readNotes(null), exception: reason },
	history: [],
});
