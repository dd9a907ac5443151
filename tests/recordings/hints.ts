// What must be known of a recorded exchange to compare it: what its body is, and what the recorder left out of it.
import type { Hints } from './compare';
import type { Exchange } from './load';

/** Bodies of which the recorder kept chosen fields only; `absent` names a field that was looked for in vain. */
const extracts: Readonly<Record<string, readonly string[]>> = {
	'sonarr4 command-lifecycle 2': ['lastSearchTime'],
	'sonarr4 command-lifecycle 36': [],
	'sonarr4 grab-import 5': [],
	'sonarr4 history 2': [],
	'sonarr4 library 11': [],
	'sonarr5 command-lifecycle 2': ['lastSearchTime'],
	'sonarr5 command-lifecycle 17': [],
	'sonarr5 grab-import 3': [],
	'sonarr5 front-door 62': [],
	'sonarr5 front-door 63': [],
	'sonarr5 history 12': [],
	'sonarr5 library 11': [],
	'sonarr5 webhooks 10': [],
	'radarr6 library 21': [],
	'whisparr2 history 4': [],
};

/** Lists that were cut without a word. */
const cutSilently: ReadonlySet<string> = new Set(['radarr6 library 4', 'radarr6 queue 29']);

export function nameOf(exchange: Exchange): string {
	return `${exchange.kind} ${exchange.file} ${exchange.index}`;
}

const resources: readonly [RegExp, string][] = [
	[/^\/api\/v\d\/command(\/|$)/, 'command'],
	[/^\/api\/v\d\/health$/, 'health'],
	[/^\/api\/v\d\/history(\/|$)/, 'history'],
	[/^\/api\/v\d\/queue(\/|$)/, 'queue'],
	[/^\/api\/v\d\/(wanted\/|blocklist$)/, 'list'],
	[/^\/api\/?$|^\/ping$|^\/api\/v\d\/system\/status\/?$/, 'api'],
];

function ownCommands(exchange: Exchange): boolean {
	return exchange.request.method === 'GET' && /\/command$/.test(exchange.request.url);
}

export function hintsOf(exchange: Exchange): Hints {
	const path = (exchange.request.url.split('?')[0] ?? '')
		.toLowerCase()
		.replace(/^\/(sonarr|radarr)(?=\/)/, '');
	const known = resources.find(([pattern]) => pattern.test(path))?.[1] ?? 'plain';
	const resource = exchange.response.status >= 400 ? 'problem' : known;
	const absent = extracts[nameOf(exchange)];
	return {
		resource,
		// which of the application's own commands are still in the list is a matter of minutes
		cut:
			ownCommands(exchange) ||
			cutSilently.has(nameOf(exchange)) ||
			/\bkept\b|trimmed|shortened|\bextract\b/.test(exchange.note),
		extract: absent !== undefined,
		absent: absent ?? [],
		mayWait:
			exchange.request.method === 'POST' &&
			resource === 'command' &&
			!/busy|waits|queued|already started|while it runs/.test(exchange.note),
	};
}
