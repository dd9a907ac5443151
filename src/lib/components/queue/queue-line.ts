/** Rows of queue and plan in the one form that the list shows. */
import type { ConnectorRef, PlanRow, QueueRow, TargetView } from '$lib/domain/views';
import type { Format } from '$lib/utils/format';
import { searchedSentence, whyHere } from '$lib/utils/sentences';

export interface QueueLine {
	key: string;
	/** Of the queue; rows of the plan have none and no acts. */
	id: number | null;
	position: number;
	connector: ConnectorRef;
	target: TargetView;
	subline: string;
	why: string;
	score: number;
	cost: number;
	pinned: boolean;
	inGroup: boolean;
	blocked: string | null;
	estimateAt: Date | null;
}

const sublineOf = (row: QueueRow | PlanRow): string =>
	[
		row.connector.name,
		row.target.kind === 'season' && row.target.subtitle !== null
			? row.target.subtitle
			: searchedSentence(row),
	].join(' · ');

export const queueLines = (rows: readonly QueueRow[], format: Format, now: Date): QueueLine[] =>
	byTime(rows).map((row, i) => ({
		...row,
		key: `queue-${String(row.id)}`,
		position: i + 1,
		subline: sublineOf(row),
		why: whyHere(row, format, now),
	}));

/** Numbered by estimated time; what waits for its connector comes last. The score ranks within a connector only. */
const byTime = <T extends Timed>(rows: readonly T[]): T[] => rows.toSorted((a, b) => timeOf(a) - timeOf(b));
interface Timed {
	blocked: string | null;
	estimateAt: Date | null;
}
const timeOf = (row: Timed): number =>
	row.blocked !== null || row.estimateAt === null ? Number.MAX_SAFE_INTEGER : row.estimateAt.getTime();

/** `stopped`: connectors that cannot be asked now; their rows wait. */
export const planLines = (rows: readonly PlanRow[], stopped: ReadonlySet<number>): QueueLine[] =>
	byTime(
		rows.map((row) => ({
			...row,
			key: `plan-${String(row.position)}-${row.target.title}`,
			blocked: stopped.has(row.connector.id) ? 'stopped' : null,
		})),
	).map((row, i) => ({
		...row,
		position: i + 1,
		why: row.why.replace(/\.$/, ''),
		id: null,
		subline: sublineOf(row),
		pinned: false,
		inGroup: false,
	}));
