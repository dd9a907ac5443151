// One indexer search: asks the usable indexers, writes `lastSearchTime`, judges what comes back and grabs the best.
import type { App } from '../app.ts';
import { CommandFailure } from '../commands/command.ts';
import type { IndexerSearch } from '../control/contract.ts';
import type { Process } from '../process.ts';
import type { Indexer, IndexerAnswer, Release } from '../state/model.ts';
import { rankOf, scoreOf } from '../state/profiles.ts';
import type { Criteria } from './criteria.ts';
import { judge, type Context } from './judge.ts';
import type { Plan } from './scripts.ts';

export interface SearchRun {
	commandId: number | null;
	interactive: boolean;
	/** `UserInvokedSearch`, `Search`, `InteractiveSearch`. */
	source: string;
	progress: (message: string) => void;
	context: Context;
}

export interface Found {
	releases: { release: Release; rejections: string[] }[];
	plan: Plan;
}

const SPACING = 2000;
/** A search that asks nobody. */
const NOBODY = 20;

/** Asks the indexers; nothing is grabbed here. */
export function* find(app: App, criteria: Criteria, run: SearchRun): Process<Found> {
	const plan = app.scripts.planFor(criteria);
	const nothing: Found = { releases: [], plan };
	if (plan.exception !== null) throw scriptedFailure(plan.exception);
	if (plan.undated) return nothing;
	const usable = plan.noIndexer ? [] : app.indexers.usable(criteria, run.interactive);
	run.progress(`Searching indexers for ${criteria.label}. ${usable.length} active indexers`);
	if (usable.length === 0) {
		yield NOBODY;
		return nothing;
	}
	if (criteria.impossible) {
		for (const indexer of usable) app.indexers.failed(indexer, 'error', null);
		yield 12;
		return nothing;
	}
	const releases = plan.noQuery ? [] : yield* askAll(app, criteria, run, usable, plan);
	markSearched(app, criteria);
	tellTotal(app, criteria, run, releases, usable.length);
	const judged = releases.map((release) => ({ release, rejections: judge(app, release, run.context) }));
	return { releases: judged, plan };
}

function scriptedFailure(text: string): CommandFailure {
	const [exception = 'System.Exception', ...rest] = text.split(': ');
	return new CommandFailure(exception, rest.join(': '));
}

function tellTotal(
	app: App,
	criteria: Criteria,
	run: SearchRun,
	releases: Release[],
	indexers: number,
): void {
	if (app.traits.family === 'whisparr2') return;
	if (app.traits.shape === 'movie' && releases.length === 0) {
		run.progress('No results found');
		return;
	}
	const from = Math.min(indexers, Math.max(1, new Set(releases.map((release) => release.indexerId)).size));
	run.progress(`Total of ${releases.length} reports were found for ${criteria.label} from ${from} indexers`);
}

interface Asked {
	indexer: Indexer;
	search: IndexerSearch;
	alive: boolean;
	found: Release[];
}

/** Tier by tier, 2 s between two requests to one indexer; the indexers side by side. */
function* askAll(
	app: App,
	criteria: Criteria,
	run: SearchRun,
	usable: Indexer[],
	plan: Plan,
): Process<Release[]> {
	const asked = usable.map((indexer) => begin(app, indexer, criteria, run));
	const usableIds = new Set(usable.map((indexer) => indexer.id));
	const offered = plan.releases.filter((release) => usableIds.has(release.indexerId));
	for (const release of plan.releases) {
		if (release.indexerId === 0 || !app.store.indexers.has(release.indexerId)) {
			release.indexerId = usable[0]?.id ?? 0;
			offered.push(release);
		}
	}
	for (let tier = 0; tier < criteria.first.length + criteria.second.length; tier++) {
		const query = criteria.first[tier] ?? criteria.second[tier - criteria.first.length] ?? '';
		const due = asked.filter((one) => one.alive && isDue(one, criteria, tier));
		if (due.length === 0) continue;
		const waitFor = Math.max(0, ...due.map((one) => one.indexer.lastRequest + SPACING - app.clock.now()));
		if (waitFor > 0) yield waitFor;
		yield* askTier(app, due, query, plan, offered);
	}
	if (plan.seconds !== null) yield plan.seconds * 1000;
	for (const one of asked) {
		if (one.alive && one.search.requests > 0) app.indexers.succeeded(one.indexer);
	}
	return asked.flatMap((one) => (one.alive ? one.found : []));
}

function begin(app: App, indexer: Indexer, criteria: Criteria, run: SearchRun): Asked {
	const search: IndexerSearch = {
		id: app.indexers.nextSearchId(),
		at: app.clock.now(),
		commandId: run.commandId,
		label: criteria.label,
		episodeIds: criteria.episodes.map((episode) => episode.id),
		movieId: criteria.movie?.id ?? null,
		interactive: run.interactive,
		requests: 0,
	};
	app.indexers.noteSearch(indexer, search);
	return { indexer, search, alive: true, found: [] };
}

function isDue(one: Asked, criteria: Criteria, tier: number): boolean {
	if (criteria.animeSeasonOnly && !one.indexer.animeStandardFormatSearch) return false;
	return tier < criteria.first.length || one.found.length === 0;
}

function* askTier(app: App, due: Asked[], query: string, plan: Plan, offered: Release[]): Process {
	let slowest = 0;
	const failures: { one: Asked; answer: IndexerAnswer }[] = [];
	for (const one of due) {
		const answer = plan.answers ?? one.indexer.answers;
		one.search.requests++;
		const good = app.indexers.ask(one.indexer, 'search', query, one.search.id, answer);
		if (!good) failures.push({ one, answer });
		else one.found = offered.filter((release) => release.indexerId === one.indexer.id);
		const latency = answer === 'timeout' ? 100_000 : good ? one.indexer.latency * 1000 : 60;
		slowest = Math.max(slowest, latency);
	}
	yield slowest;
	for (const { one, answer } of failures) {
		one.alive = false;
		app.indexers.failed(one.indexer, answer, plan.retryAfter ?? one.indexer.retryAfter);
	}
}

/** On everything the search covered, when at least one indexer was usable, whatever came of it. */
function markSearched(app: App, criteria: Criteria): void {
	const now = app.clock.now();
	for (const episode of criteria.episodes) episode.searched = now;
	if (criteria.movie !== null) criteria.movie.searched = now;
	app.store.touch();
}

/** Searches all criteria of one item, then grabs the best: returns how many releases a download client accepted. */
export function* searchAndGrab(app: App, all: Criteria[], run: SearchRun): Process<number> {
	const releases: Found['releases'] = [];
	let client: Plan['client'] = null;
	for (const criteria of all) {
		const context = { ...run.context, neverFits: criteria.neverFits };
		const found = yield* find(app, criteria, { ...run, context });
		releases.push(...found.releases);
		client ??= found.plan.client;
	}
	const total = releases.length;
	if (total > 0 && app.traits.family !== 'whisparr2') run.progress(`Processing release ${total}/${total}`);
	const good = releases.filter((one) => one.rejections.length === 0).map((one) => one.release);
	return yield* grabBest(app, good, run, client);
}

/** At most one per item. */
function* grabBest(app: App, good: Release[], run: SearchRun, client: Plan['client']): Process<number> {
	let grabbed = 0;
	const covered = new Set<number>();
	for (const release of bestFirst(app, good)) {
		const items = release.movieId > 0 ? [-release.movieId] : release.episodeIds;
		if (items.some((id) => covered.has(id))) continue;
		const outcome = yield* app.grabber.grab(release, run.source, run.progress, { client });
		for (const id of items) covered.add(id);
		if (outcome === 'grabbed') grabbed++;
	}
	return grabbed;
}

function bestFirst(app: App, releases: Release[]): Release[] {
	const weight = (release: Release) => {
		const owner = app.store.series.get(release.seriesId) ?? app.store.movies.get(release.movieId);
		if (owner === undefined) return 0;
		const profile = app.store.profileOf(owner);
		return (
			rankOf(profile, release.quality) * 100_000 + scoreOf(profile, release.formats) + release.revision * 1000
		);
	};
	return [...releases].sort((a, b) => weight(b) - weight(a) || Number(b.pack) - Number(a.pack));
}
