// What the section `pages` asks for: every list of the REST interface with each filter and order, and every page.
import { OUTCOMES, SEARCH_STATES } from '../src/lib/domain/words';

/** What of the seeded world is asked for by name. */
export interface Subjects {
	/** Ids of the Sonarr and the Radarr. */
	series: number;
	movies: number;
	/** `episode-12` and `movie-7`: wanted, remembered and searched before; and an episode of which nothing is wanted. */
	episode: string;
	movie: string;
	idle: string;
	dispatch: string;
	/** Titles as a user types them: of a series, of an episode, and a word that is in every third title. */
	show: string;
	part: string;
	common: string;
}

const SORTS = ['priority', 'title', 'age', 'state'];
const STATES = [...SEARCH_STATES, 'excluded'];
const REASONS = ['gap', 'quality', 'format'];

/** A list of which the second page is asked for too, by the cursor that the first one gave. */
export const PAGED = ['priority', 'title', 'age', 'state'].flatMap((sort) => [
	`/wanted?sort=${sort}`,
	`/content?sort=${sort}`,
]);

export function restCalls(of: Subjects): string[] {
	const find = (text: string): string => `q=${encodeURIComponent(text)}`;
	const itemLists = ['/wanted', '/content'].flatMap((list) => [
		`${list}?limit=500`,
		...SORTS.map((sort) => `${list}?sort=${sort}`),
		...SORTS.map((sort) => `${list}?sort=${sort}&connector=${String(of.series)}`),
		...STATES.map((state) => `${list}?state=${state}`),
		...REASONS.map((reason) => `${list}?reason=${reason}`),
		...['episode', 'movie'].map((kind) => `${list}?kind=${kind}`),
		...[of.show, of.part, of.common, 'nosuchwordanywhere', '%'].map((text) => `${list}?${find(text)}`),
		...SORTS.map((sort) => `${list}?${find(of.part)}&sort=${sort}`),
		...SORTS.map((sort) => `${list}?${find(of.common)}&sort=${sort}`),
		`${list}?${find(of.common)}&state=cooldown&reason=gap&sort=age&connector=${String(of.series)}`,
	]);
	const items = [of.episode, of.movie, of.idle].flatMap((ref) => [
		`/wanted/${ref}`,
		`/wanted/${ref}/explain`,
	]);
	const connector = `connector=${String(of.series)}`;
	return [
		'/connectors',
		`/connectors/${String(of.series)}`,
		`/connectors/${String(of.series)}/stats`,
		...itemLists,
		...items,
		'/plan',
		'/plan?limit=500',
		`/plan?${connector}`,
		'/queue',
		`/queue?${connector}`,
		'/dispatches',
		'/dispatches?limit=500',
		`/dispatches?${connector}`,
		...OUTCOMES.map((outcome) => `/dispatches?outcome=${outcome}`),
		`/dispatches?outcome=grabbed&${connector}`,
		`/dispatches/${of.dispatch}`,
		'/events',
		'/events?limit=500',
		`/events?${connector}`,
		`/events?item=${of.episode}`,
		'/throttle-profiles',
		'/api-keys',
	];
}

export function pageCalls(of: Subjects): string[] {
	const connector = `/connectors/${String(of.series)}`;
	const lists = ['/wanted', '/content'].flatMap((list) => [
		list,
		...SORTS.map((sort) => `${list}?sort=${sort}`),
		`${list}?q=${encodeURIComponent(of.show)}`,
		`${list}?item=${of.episode}`,
		`${list}?limit=500`,
	]);
	return [
		'/',
		...lists,
		`/wanted?scope=connector-${String(of.movies)}`,
		'/wanted?scope=all',
		`/items/${of.episode}`,
		`/items/${of.movie}`,
		`/items/${of.idle}`,
		'/queue',
		'/queue?tab=plan',
		'/activity',
		'/activity?outcome=grabbed',
		'/activity?tab=events',
		'/connectors',
		'/connectors?view=table',
		connector,
		`${connector}?confirm=start`,
		'/settings/account',
		'/settings/keys',
		'/settings/pace',
	];
}
