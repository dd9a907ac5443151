/** Short sentences that several pages say about the same facts. */
import { outcomeSigns } from '$lib/components/shared/vocabulary';
import type { DispatchView, GrabView, QueueRow } from '$lib/domain/views';
import { plural, type Format } from './format';

/** "gap" · "has 720p": why a search is made, beside its title. */
export function searchedSentence(search: Pick<QueueRow, 'reason'> & { has?: string | null }): string {
	if (search.reason === 'gap') return 'gap';
	if (search.has) return `has ${search.has}`;
	return search.reason === 'quality' ? 'quality upgrade' : 'format upgrade';
}

/** "Missing 96 days, never searched": why a row stands where it does. */
export function whyHere(row: QueueRow, format: Format, now: Date): string {
	if (row.pinned) return 'Asked for by you, first in line';
	if (row.inGroup) return 'Same series, one after another';
	if (row.target.kind === 'season') return 'One season search replaces several';
	const waiting =
		row.waitingSince === null
			? ''
			: `${row.reason === 'gap' ? 'Missing' : 'Could be better for'} ${format.duration(now.getTime() - row.waitingSince.getTime())}, `;
	const searches =
		row.searches === 0
			? 'never searched'
			: row.searches === 1
				? 'searched once'
				: `searched ${plural(row.searches, 'time')}`;
	return waiting === '' ? searches.replace(/^./, (c) => c.toUpperCase()) : waiting + searches;
}

/** "nothing found, again Nov 28": what a concluded search led to, in half a line. */
export function outcomeLine(dispatch: DispatchView, format: Format, now: Date): string {
	const grab = dispatch.grabs[0];
	switch (dispatch.outcome) {
		case null:
			return dispatch.provisional === null
				? 'under way'
				: `${outcomeSigns[dispatch.provisional].word.toLowerCase()} so far, being made sure`;
		case 'grabbed':
			return grab === undefined ? 'grabbed' : grabLine(grab, dispatch.grabs.length);
		case 'nothing_found': {
			const seen = dispatch.releasesSeen === null ? '' : `, ${plural(dispatch.releasesSeen, 'release')} seen`;
			const again =
				dispatch.nextEligibleAt === null ? '' : `, again ${format.date(dispatch.nextEligibleAt, now)}`;
			return `nothing found${seen}${again}`;
		}
		case 'not_searched':
			return 'not searched, no indexer was asked, cost given back';
		case 'inconclusive':
			return 'inconclusive, the answer proves nothing, no attempt counted';
		case 'pending':
			return 'accepted, held back by the application for now';
		case 'merged':
			return 'merged with a search already under way there';
		case 'error':
			return dispatch.proof[0] ?? 'the application reported an error';
		case 'lost':
			return 'lost, the application was away too long to know';
		case 'withdrawn':
			return dispatch.proof[0] ?? 'taken back, before it was sent';
	}
}

function grabLine(grab: GrabView, count: number): string {
	if (count > 1) return `grabbed, ${plural(count, 'item')} at once`;
	const words = {
		imported: `imported, ${grab.quality}`,
		failed: 'grabbed, then the download failed',
		vanished: 'grabbed, then it vanished',
		manual: `grabbed, ${grab.quality}, waits for a manual import`,
		following:
			grab.progress === null
				? `grabbed, ${grab.quality}`
				: `downloading, ${String(Math.floor(grab.progress * 100))}%`,
	};
	return words[grab.result];
}

/** The same beside a badge that says the outcome already: "again Nov 28". */
export function outcomeDetail(dispatch: DispatchView, format: Format, now: Date): string {
	const line = outcomeLine(dispatch, format, now);
	const word = dispatch.outcome === null ? '' : outcomeSigns[dispatch.outcome].word.toLowerCase();
	if (line.toLowerCase() === word) return '';
	return word !== '' && line.startsWith(`${word}, `) ? line.slice(word.length + 2) : line;
}

/** A title and its number ("Harbor Nine", " · S02E05"): where there is no room, the name gives way. */
export function titleParts(title: string): [name: string, number: string] {
	const at = title.lastIndexOf(' · ');
	return at <= 0 || title.length - at > 16 ? [title, ''] : [title.slice(0, at), title.slice(at)];
}
