// Options of an instance with their defaults filled in.
import type { InstanceOptions, SearchDefault } from './control/contract.ts';
import type { Runtime, Traits } from './kinds.ts';

export interface Resolved {
	seed: number;
	urlBase: string;
	apiKey: string;
	instanceName: string;
	appData: string;
	auth: 'forms' | 'basic' | 'none' | 'external';
	database: 'sqLite' | 'postgreSQL';
	runtime: Runtime;
	language: 'en' | 'de';
	searchDefault: SearchDefault;
	workers: number;
	availabilityDelay: number;
	autoRedownloadFailed: boolean;
	unmonitorDeleted: boolean;
	life: boolean;
	rssGrabsPerDay: number;
	offline: boolean;
	cacheMovieApi: boolean;
	searchTitle: boolean;
	seasonPackUpgrade: 'all' | 'threshold' | 'any';
	seasonPackUpgradeThreshold: number;
	latencyMs: number;
	prerender: boolean;
	startedAgoMs: number;
}

const DAY = 86_400_000;

export function resolveOptions(traits: Traits, given: InstanceOptions): Resolved {
	const realistic = given.library?.preset === 'realistic';
	const base = (given.urlBase ?? '').replace(/\/+$/, '');
	return {
		seed: given.seed ?? 1,
		urlBase: base === '' || base.startsWith('/') ? base : `/${base}`,
		apiKey: given.apiKey ?? '0123456789abcdef0123456789abcdef',
		instanceName: given.instanceName ?? traits.appName,
		appData: given.appData ?? '/config',
		auth: given.auth ?? 'forms',
		database: given.database ?? 'sqLite',
		runtime: given.runtime ?? traits.runtime,
		language: given.language ?? 'en',
		searchDefault: given.searchDefault ?? (realistic ? { grabChance: 0.25, rejectChance: 0.2 } : 'nothing'),
		workers: given.workers ?? traits.workers,
		availabilityDelay: given.availabilityDelay ?? 0,
		autoRedownloadFailed: given.autoRedownloadFailed ?? true,
		unmonitorDeleted: given.unmonitorDeleted ?? false,
		life: given.life ?? realistic,
		rssGrabsPerDay: given.rssGrabsPerDay ?? (realistic ? 2 : 6),
		offline: given.offline ?? false,
		cacheMovieApi: given.cacheMovieApi ?? false,
		searchTitle: given.searchTitle ?? false,
		seasonPackUpgrade: given.seasonPackUpgrade ?? 'all',
		seasonPackUpgradeThreshold: given.seasonPackUpgradeThreshold ?? 100,
		latencyMs: given.latencyMs ?? 0,
		prerender: given.prerender ?? false,
		startedAgoMs: given.startedAgoMs ?? DAY,
	};
}
