// `/system/*`, `/health`, and what else tells about the application itself.
import { healthResource } from '../health/texts.ts';
import { list, ok } from '../http/answer.ts';
import type { Router } from '../http/router.ts';
import type { App } from '../app.ts';
import { instant, type JsonObject } from '../json.ts';
import { collections, embeddedMovie } from './movies.ts';

function status(app: App): JsonObject {
	const { options, traits } = app;
	const branches = {
		Sonarr: 'main',
		Radarr: 'master',
		Whisparr: traits.family === 'whisparr2' ? 'v2' : 'eros',
	};
	const runtimeVersion =
		options.runtime === 'net10' ? '10.0.0' : traits.family === 'radarr' ? '8.0.12' : '6.0.36';
	const newer = !traits.nancy;
	return {
		appName: traits.appName,
		instanceName: newer ? options.instanceName : undefined,
		version: app.version,
		buildTime: '2026-05-01T07:53:00Z',
		isDebug: false,
		isProduction: true,
		isAdmin: false,
		isUserInteractive: false,
		startupPath: '/app/bin',
		appData: options.appData,
		osName: 'alpine',
		osVersion: '3.22',
		isNetCore: newer ? true : undefined,
		isMono: newer ? undefined : true,
		isLinux: true,
		isOsx: false,
		isWindows: false,
		isDocker: true,
		isContainerized: traits.kind === 'sonarr5' ? true : undefined,
		mode: 'console',
		branch: branches[traits.appName],
		authentication: options.auth,
		sqliteVersion: newer ? undefined : '3.41.2',
		migrationVersion: newer ? 217 : undefined,
		urlBase: options.urlBase,
		runtimeVersion: newer ? runtimeVersion : '6.12.0.182',
		runtimeName: newer ? '.NET' : 'mono',
		startTime: instant(app.startTime),
		packageUpdateMechanism: 'docker',
		databaseVersion: newer ? (options.database === 'sqLite' ? '3.49.2' : '15.18') : undefined,
		databaseType: newer ? options.database : undefined,
	};
}

const TASKS: [name: string, minutes: number][] = [
	['ApplicationUpdateCheck', 360],
	['Backup', 10_080],
	['CheckHealth', 360],
	['CleanUpRecycleBin', 1440],
	['Housekeeping', 1440],
	['ImportListSync', 5],
	['MessagingCleanup', 5],
	['RefreshMonitoredDownloads', 1],
	['RssSync', 15],
];

function tasks(app: App): JsonObject[] {
	const start = app.startTime;
	const refresh: [string, number] =
		app.traits.shape === 'series' ? ['RefreshSeries', 720] : ['RefreshMovie', 1440];
	return [...TASKS, refresh].map(([taskName, interval], index) => {
		const period = interval * 60_000;
		const last = start + Math.floor((app.clock.now() - start) / period) * period;
		return {
			name: taskName.replace(/([a-z])([A-Z])/g, '$1 $2'),
			taskName,
			interval,
			lastExecution: instant(last),
			lastStartTime: instant(last),
			nextExecution: instant(last + period),
			lastDuration: '00:00:00.0457780',
			id: index + 1,
		};
	});
}

export function addSystemRoutes(router: Router): void {
	router.get('system/status', ({ app }) => ok(status(app)));
	router.get('system/task', ({ app }) => ok(tasks(app)));
	router.get('health', ({ app }) => list(app.health.entries(), (entry) => healthResource(app, entry)));
	router.get('diskspace', () =>
		ok([{ path: '/data', label: '', freeSpace: 81963360256, totalSpace: 500107862016 }]),
	);
	router.get('log', () =>
		ok({ page: 1, pageSize: 10, sortKey: 'time', sortDirection: 'descending', totalRecords: 0, records: [] }),
	);
	router.get('remotepathmapping', () => ok([]));
	router.get('collection', ({ app }) => ok(collections(app)));
	router.get('calendar', ({ app, query }) => {
		const start = query.date('start') ?? app.clock.now();
		const end = query.date('end') ?? start + 7 * 86_400_000;
		return ok(calendar(app, start, end));
	});
}

function calendar(app: App, start: number, end: number): JsonObject[] {
	const within = (at: number | null) => at !== null && at >= start && at < end;
	const found: JsonObject[] = [];
	for (const episode of app.store.episodes.values()) {
		if (within(episode.airs)) found.push({ id: episode.id, airDateUtc: instant(episode.airs ?? 0) });
	}
	for (const movie of app.store.movies.values()) {
		const dated = within(movie.inCinemas) || within(movie.digital) || within(movie.physical);
		if (dated || within(movie.scene?.releaseDate ?? null)) found.push(embeddedMovie(app, movie));
	}
	return found;
}
