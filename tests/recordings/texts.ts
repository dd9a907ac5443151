// Picks the texts of a body that a client reads, by what the body is; ids, titles and dates are free.
import { isObject, type Json, textOf } from './load';

const problem = [
	'message',
	'content',
	'errorMessage',
	'propertyName',
	'severity',
	'errorCode',
	'title',
	'status',
];
const paging = ['page', 'pageSize', 'sortKey', 'sortDirection'];
const command = [
	'name',
	'commandName',
	'message',
	'status',
	'result',
	'priority',
	'trigger',
	'clientUserAgent',
];

const fieldsOf: Readonly<Record<string, readonly string[]>> = {
	problem,
	command: [...command, 'exception', 'body.name', 'body.trigger', 'body.clientUserAgent'],
	health: ['source', 'type', 'wikiUrl'],
	history: [...paging, 'eventType', 'data.reason', 'data.releaseSource'],
	queue: [
		...paging,
		'status',
		'trackedDownloadStatus',
		'trackedDownloadState',
		'protocol',
		'errorMessage',
		'records.status',
		'records.trackedDownloadStatus',
		'records.trackedDownloadState',
		'records.protocol',
		'records.errorMessage',
	],
	list: paging,
	api: ['current', 'deprecated', 'status', 'appName', 'urlBase', 'authentication'],
	delivery: ['eventType', 'isUpgrade', 'level', 'type', 'deleteReason', 'downloadClientType'],
	plain: [],
};

/** The texts at each chosen path; the elements of lists are taken together. */
export function textsOf(body: Json, resource: string): Map<string, Set<string>> {
	const found = new Map<string, Set<string>>();
	const chosen = new Set(fieldsOf[resource] ?? []);
	if (resource === 'history') for (const field of [...chosen]) chosen.add(`records.${field}`);
	if (resource === 'health') tuples(body, found);
	else walk(body, '', chosen, found);
	return found;
}

function walk(value: Json, path: string, chosen: ReadonlySet<string>, found: Map<string, Set<string>>): void {
	if (Array.isArray(value)) {
		for (const element of value) walk(element, path, chosen, found);
	} else if (isObject(value)) {
		for (const [key, inner] of Object.entries(value)) {
			walk(inner, path === '' ? key : `${path}.${key}`, chosen, found);
		}
	} else if (chosen.has(path)) {
		const texts = found.get(path) ?? new Set();
		texts.add(normalize(path, String(value)));
		found.set(path, texts);
	}
}

/** Entries of health belong together: source, type and the fragment of the link. */
function tuples(body: Json, found: Map<string, Set<string>>): void {
	if (!Array.isArray(body)) return;
	for (const entry of body) {
		// the branch of an own build is nothing that the fake has
		if (!isObject(entry) || entry['source'] === 'ReleaseBranchCheck') continue;
		const fragment = textOf(entry['wikiUrl']).replace(/^[^#]*/, '');
		const texts = found.get('entries') ?? new Set();
		texts.add(`${textOf(entry['source'])} ${textOf(entry['type'])} ${fragment}`);
		found.set('entries', texts);
	}
}

/** What is free inside a text: names in brackets, places in SQL and JSON, hosts, and all but an exception's first line. */
export function normalize(path: string, text: string): string {
	const line = path.endsWith('exception') ? (text.split(/\r?\n/)[0] ?? '') : text;
	return line
		.replace(/^(Searching indexers for) .*\. (\d+ active)/, '$1 […]. $2')
		.replace(/reports were found for .* from/, 'reports were found for […] from')
		.replace(/^Report(.*) sent to .*/s, 'Report … sent to …')
		.replace(/POSITION: \d+/, 'POSITION: #')
		.replace(/LineNumber: \d+ \| BytePositionInLine: \d+/, 'LineNumber: # | BytePositionInLine: #')
		.replace(/Duration=[\d:.]+/, 'Duration=#')
		.replace(/^Lx{3999}$/, 'L…(3999 times x)')
		.replace(/http:\/\/(receiver\.example|127\.0\.0\.1:\d+)/, 'http://receiver')
		.replace(/\([a-z-]+\.example(:\d+)?\)|\(127\.0\.0\.1:\d+\)|\(localhost:\d+\)/, '(host)');
}
