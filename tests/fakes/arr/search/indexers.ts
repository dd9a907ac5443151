// Indexers as a search meets them: which are usable, what they answer, their back-off, and the count of every request.
import type { App } from '../app.ts';
import type { IndexerReport, IndexerRequest, IndexerSearch } from '../control/contract.ts';
import type { Indexer, IndexerAnswer } from '../state/model.ts';
import type { Criteria } from './criteria.ts';

const MINUTE = 60_000;
export const STEPS = [0, 1, 5, 15, 30, 60, 180, 360, 720, 1440].map((minutes) => minutes * MINUTE);
const YOUNG = 15 * MINUTE;
const YOUNG_LIMIT = 5 * MINUTE;

export class Indexers {
	private readonly requests = new Map<number, IndexerRequest[]>();
	private readonly searches = new Map<number, IndexerSearch[]>();
	private searchIds = 0;

	constructor(private readonly app: App) {}

	nextSearchId(): number {
		return ++this.searchIds;
	}

	usable(criteria: Criteria, interactive: boolean): Indexer[] {
		return [...this.app.store.indexers.values()].filter((indexer) => {
			if (!(interactive ? indexer.interactive : indexer.automatic)) return false;
			if (indexer.tags.length > 0 && !indexer.tags.some((tag) => criteria.tags.includes(tag))) return false;
			return !this.isBlocked(indexer);
		});
	}

	isBlocked(indexer: Indexer): boolean {
		return indexer.blockedUntil !== null && indexer.blockedUntil > this.app.clock.now();
	}

	/** One request, counted when it is sent. Returns what the indexer makes of it. */
	ask(
		indexer: Indexer,
		kind: IndexerRequest['kind'],
		query: string,
		searchId: number | null,
		answer?: IndexerAnswer,
	): boolean {
		const answers = answer ?? indexer.answers;
		const good = answers === 'ok';
		indexer.lastRequest = this.app.clock.now();
		this.listFor(this.requests, indexer.id).push({
			at: indexer.lastRequest,
			kind,
			query,
			ok: good,
			searchId,
		});
		return good;
	}

	noteSearch(indexer: Indexer, search: IndexerSearch): void {
		this.listFor(this.searches, indexer.id).push(search);
	}

	/** Raises the back-off; `health` tells some seconds later. */
	failed(indexer: Indexer, answer: IndexerAnswer, retryAfter: number | null): void {
		const now = this.app.clock.now();
		indexer.firstFailure ??= now;
		const limited = answer === '429';
		indexer.level = limited ? limitedLevel(retryAfter) : Math.min(STEPS.length - 1, indexer.level + 1);
		let period = STEPS[indexer.level] ?? 0;
		if (!limited && now - this.app.startTime < YOUNG) period = Math.min(period, YOUNG_LIMIT);
		indexer.blockedUntil = now + period;
		this.app.health.indexersChanged();
	}

	succeeded(indexer: Indexer): void {
		if (indexer.level === 0 && indexer.blockedUntil === null) return;
		indexer.level = Math.max(0, indexer.level - 1);
		indexer.blockedUntil = null;
		if (indexer.level === 0) indexer.firstFailure = null;
		this.app.health.indexersChanged();
	}

	report(): IndexerReport[] {
		return [...this.app.store.indexers.values()].map(({ id, name }) => {
			const searches = this.searches.get(id) ?? [];
			const asked = searches.filter((search) => search.requests > 0);
			return {
				id,
				name,
				units: asked.length,
				searches: [...searches],
				requests: [...(this.requests.get(id) ?? [])],
			};
		});
	}

	clear(): void {
		this.requests.clear();
		this.searches.clear();
	}

	private listFor<T>(table: Map<number, T[]>, id: number): T[] {
		let known = table.get(id);
		if (known === undefined) table.set(id, (known = []));
		return known;
	}
}

/** 429: the first step that is not below `Retry-After`, or 1 h. */
function limitedLevel(retryAfter: number | null): number {
	if (retryAfter === null) return STEPS.indexOf(60 * MINUTE);
	const level = STEPS.findIndex((step) => step > 0 && step >= retryAfter * 1000);
	return level < 0 ? STEPS.length - 1 : level;
}
