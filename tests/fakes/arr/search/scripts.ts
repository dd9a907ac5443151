// What a search will find: scripted per item, else by the instance's default and its seed.
import type { App } from '../app.ts';
import type { ItemRef, Outcome, ReleaseSetup } from '../control/contract.ts';
import { chance } from '../random.ts';
import type { Episode, IndexerAnswer, Movie, Release } from '../state/model.ts';
import type { Criteria } from './criteria.ts';
import { makeRelease, type Subject } from './releases.ts';

interface Script {
	outcome: Outcome;
	left: number;
}

/** Everything that decides how one indexer search goes. */
export interface Plan {
	releases: Release[];
	answers: IndexerAnswer | null;
	retryAfter: number | null;
	noIndexer: boolean;
	noQuery: boolean;
	undated: boolean;
	seconds: number | null;
	exception: string | null;
	client: 'parked' | 'dropped' | null;
}

function emptyPlan(): Plan {
	return {
		releases: [],
		answers: null,
		retryAfter: null,
		noIndexer: false,
		noQuery: false,
		undated: false,
		seconds: null,
		exception: null,
		client: null,
	};
}

export class Scripts {
	private readonly scripts = new Map<string, Script>();
	private readonly counts = new Map<string, number>();

	constructor(private readonly app: App) {}

	set(item: ItemRef, outcome: Outcome | null, times = Infinity): void {
		if (outcome === null) this.scripts.delete(keyOf(item));
		else this.scripts.set(keyOf(item), { outcome, left: times });
	}

	clear(): void {
		this.scripts.clear();
	}

	/** The plan of one indexer search; uses up one of each script it draws from. */
	planFor(criteria: Criteria): Plan {
		const plan = emptyPlan();
		if (criteria.movie !== null) this.addItem(plan, { movie: criteria.movie }, `movie ${criteria.movie.id}`);
		const isSeason = criteria.packs && criteria.series !== null && criteria.season !== null;
		if (isSeason) this.addSeason(plan, criteria);
		for (const episode of criteria.episodes)
			this.addItem(plan, { episode }, `episode ${episode.id}`, isSeason);
		return plan;
	}

	private addSeason(plan: Plan, criteria: Criteria): void {
		const { series, season } = criteria;
		if (series === null || season === null) return;
		const script = this.take(`season ${series.id} ${season}`);
		if (script === null) return;
		const subject: Subject = { series, season };
		this.apply(plan, script, subject, true);
	}

	private addItem(
		plan: Plan,
		subject: { movie: Movie } | { episode: Episode },
		key: string,
		inSeason = false,
	): void {
		const script = this.take(key) ?? (inSeason ? null : this.take('*'));
		if (script !== null) {
			this.apply(plan, script, subject, false);
			return;
		}
		this.addByDefault(plan, subject, key);
	}

	private addByDefault(plan: Plan, subject: { movie: Movie } | { episode: Episode }, key: string): void {
		const { searchDefault, seed } = this.app.options;
		if (searchDefault === 'nothing') return;
		const nth = (this.counts.get(key) ?? 0) + 1;
		this.counts.set(key, nth);
		if (searchDefault === 'grab') {
			this.add(plan, subject, {}, nth);
			return;
		}
		const id = 'movie' in subject ? subject.movie.id : subject.episode.id;
		const roll = chance(seed, id, nth, 41);
		const { grabChance, rejectChance = 0, failChance = 0, downloadMinutes = 30 } = searchDefault;
		const seconds = downloadMinutes * 60 * (0.5 + chance(seed, id, nth, 43));
		if (roll < grabChance) {
			const fate = chance(seed, id, nth, 42) < failChance ? 'fail' : 'import';
			this.add(plan, subject, { fate, downloadSeconds: seconds }, nth);
		} else if (roll < grabChance + rejectChance) {
			this.add(plan, subject, { rejections: ['Not enough seeders: 0. Minimum seeders: 1'] }, nth);
		}
	}

	private add(plan: Plan, subject: Subject, setup: ReleaseSetup, nth: number): void {
		const isKnown = (title: string) => this.app.store.blocklist.some((row) => row.title === title);
		let release = makeRelease(this.app, subject, setup, nth);
		for (let i = 1; i < 20 && release !== null && isKnown(release.title); i++) {
			release = makeRelease(this.app, subject, setup, nth + i);
		}
		if (release !== null) plan.releases.push(release);
	}

	private apply(plan: Plan, outcome: Outcome, subject: Subject, isSeason: boolean): void {
		const simple: Record<string, Partial<Plan>> = {
			indexerErrors: { answers: 'error' },
			noIndexer: { noIndexer: true },
			noQuery: { noQuery: true },
			undated: { undated: true },
		};
		Object.assign(plan, simple[outcome.kind] ?? {});
		if (outcome.kind === 'rateLimited')
			Object.assign(plan, { answers: '429', retryAfter: outcome.retryAfter ?? null });
		if (outcome.kind === 'fails')
			plan.exception = outcome.exception ?? 'System.InvalidOperationException: Scripted';
		if (outcome.kind === 'clientDownParked') plan.client = 'parked';
		if (outcome.kind === 'clientDownDropped') plan.client = 'dropped';
		if (outcome.kind === 'slow') {
			plan.seconds = outcome.seconds;
			if (outcome.then !== undefined) this.apply(plan, outcome.then, subject, isSeason);
		}
		for (const setup of releasesIn(outcome, isSeason)) {
			const release = makeRelease(this.app, subject, setup);
			if (release === null) continue;
			if (outcome.kind === 'delayed') release.delayUntil = this.app.clock.now() + outcome.minutes * 60_000;
			plan.releases.push(release);
		}
	}

	private take(key: string): Outcome | null {
		const script = this.scripts.get(key);
		if (script === undefined || script.left <= 0) return null;
		script.left--;
		return script.outcome;
	}
}

function keyOf(item: ItemRef): string {
	if (item === '*') return '*';
	if ('episodeId' in item) return `episode ${item.episodeId}`;
	return 'movieId' in item ? `movie ${item.movieId}` : `season ${item.seriesId} ${item.season}`;
}

function releasesIn(outcome: Outcome, isSeason: boolean): ReleaseSetup[] {
	switch (outcome.kind) {
		case 'grab':
			return [
				{ pack: isSeason, ...outcome.release, ...(outcome.fate === undefined ? {} : { fate: outcome.fate }) },
			];
		case 'grabPack':
			return [{ ...outcome.release, pack: true }];
		case 'grabThenFail':
			return [{ pack: isSeason, ...outcome.release, fate: 'fail' }];
		case 'grabThenImport':
			return [{ pack: isSeason, ...outcome.release, fate: 'import' }];
		case 'grabThenManual':
			return [{ pack: isSeason, ...outcome.release, fate: 'manual' }];
		case 'grabThenBlockedById':
			return [{ pack: isSeason, ...outcome.release, fate: 'blockedById', matchedById: true }];
		case 'rejected':
			return [{ pack: isSeason, ...outcome.release, rejections: outcome.reasons }];
		case 'delayed':
		case 'clientDownParked':
		case 'clientDownDropped':
			return [{ pack: isSeason, ...outcome.release }];
		case 'releases':
			return outcome.releases;
		default:
			return [];
	}
}
