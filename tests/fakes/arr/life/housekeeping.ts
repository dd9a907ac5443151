// What an application does by itself in the course of time.
import type { App } from '../app.ts';
import { offerByRss, somethingNew } from './rss.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Starts all regular tasks; they end with the application. */
export function startHousekeeping(app: App): void {
	repeat(app, () => app.random.pick([60_000, 90_000]), 'RefreshMonitoredDownloads');
	repeat(app, () => 5 * MINUTE, 'MessagingCleanup');
	repeat(app, () => 5 * MINUTE, 'ImportListSync');
	repeat(app, () => (app.traits.shape === 'series' ? 15 : 30) * MINUTE, 'RssSync');
	repeat(app, () => 6 * HOUR, 'CheckHealth');
	app.later(15 * MINUTE, () => app.health.flush());
	app.later(1500, () => app.health.checkAll());
	if (app.options.life) nextFind(app);
}

function repeat(app: App, interval: () => number, name: string): void {
	app.later(interval(), () => {
		app.own(name);
		repeat(app, interval, name);
	});
}

function nextFind(app: App): void {
	const perDay = Math.max(0.01, app.options.rssGrabsPerDay);
	app.later(((24 * HOUR) / perDay) * app.random.between(0.4, 1.6), () => {
		const subject = somethingNew(app);
		if (subject !== null) offerByRss(app, subject);
		nextFind(app);
	});
}
