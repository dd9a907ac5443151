// RSS sync: parked releases whose time has come are grabbed, and new releases now and then.
import type { App } from '../app.ts';
import type { ReleaseSetup } from '../control/contract.ts';
import type { Process } from '../process.ts';
import { judge } from '../search/judge.ts';
import { makeRelease, type Subject } from '../search/releases.ts';
import type { Indexer, Release } from '../state/model.ts';
import { missingFrom } from '../state/rules.ts';

const RSS_CONTEXT = { userInvoked: false, seasonSearch: false, rss: true, neverFits: false };

export function* rssSync(app: App): Process<string | null> {
	const reached: Indexer[] = [];
	for (const indexer of app.store.indexers.values()) {
		if (!indexer.rss || app.indexers.isBlocked(indexer)) continue;
		if (app.indexers.ask(indexer, 'rss', 'rss', null)) reached.push(indexer);
		else app.indexers.failed(indexer, indexer.answers, indexer.retryAfter);
	}
	yield 1500;
	if (reached.length === 0) return 'RSS Sync Completed. Reports found: 0, Reports grabbed: 0';
	const found = app.feed.splice(0);
	let grabbed = yield* sendParked(app);
	let parked = 0;
	for (const release of found) {
		release.indexerId ||= reached[0]?.id ?? 0;
		if (judge(app, release, RSS_CONTEXT).length > 0) continue;
		const result = yield* app.grabber.grab(release, 'Rss', () => undefined, { delayed: true });
		if (result === 'grabbed') grabbed++;
		if (result === 'parked') parked++;
	}
	const pending = parked > 0 ? `, Reports pending: ${parked}` : '';
	return `RSS Sync Completed. Reports found: ${found.length}, Reports grabbed: ${grabbed}${pending}`;
}

function* sendParked(app: App): Process<number> {
	const now = app.clock.now();
	const due = app.store.pending.filter(
		(one) => one.reason === 'downloadClientUnavailable' || one.until <= now,
	);
	let grabbed = 0;
	for (const one of due) {
		const client = app.grabber.clientFor(one.release);
		if (client === null || !client.reachable) continue;
		one.release.delayUntil = null;
		const result = yield* app.grabber.grab(one.release, 'Rss', () => undefined);
		if (result === 'grabbed') grabbed++;
	}
	return grabbed;
}

/** A release that the next RSS sync will find. */
export function offerByRss(app: App, subject: Subject, setup: ReleaseSetup = {}): Release | null {
	const release = makeRelease(app, subject, setup);
	if (release === null) return null;
	const indexer = [...app.store.indexers.values()].find((one) => one.rss);
	release.indexerId = indexer?.id ?? 0;
	app.feed.push(release);
	return release;
}

/** Something missing that RSS brings by itself. */
export function somethingNew(app: App): Subject | null {
	const now = app.clock.now();
	const wanted: Subject[] = [];
	for (const movie of app.store.movies.values()) {
		if (movie.monitored && movie.fileId === 0) wanted.push({ movie });
		if (wanted.length > 500) break;
	}
	for (const series of app.store.series.values()) {
		if (!series.monitored || wanted.length > 500) continue;
		for (const episode of series.episodes) {
			const from = missingFrom(episode, series);
			const missing = episode.monitored && episode.fileId === 0 && from !== null && from <= now;
			if (missing) wanted.push({ episode });
		}
	}
	return wanted.length === 0 ? null : app.random.pick(wanted);
}

/** Some items are on their way when the application is first met. */
export function startDownloads(app: App): void {
	for (let i = 0; i < 6; i++) {
		const subject = somethingNew(app);
		if (subject === null) return;
		const fate = i === 4 ? 'stall' : i === 5 ? 'manual' : 'import';
		const release = makeRelease(app, subject, { fate, downloadSeconds: 900 * (i + 1) }, i);
		const client = release === null ? null : app.grabber.clientFor(release);
		if (release === null || client === null) return;
		release.indexerId = 1;
		const download = app.grabber.add(release, client);
		app.history.grabbed(release, download.id, client, 'Rss');
	}
	app.later(2000, () => {
		app.own('RefreshMonitoredDownloads');
	});
}
