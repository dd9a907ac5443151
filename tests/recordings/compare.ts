// Compares an answer of the fake with a recorded one: status, headers that matter, keys and types, texts.
import { isObject, type Json, type RecordedResponse } from './load';
import { type Shape, shapeOf } from './shape';
import { textsOf } from './texts';

export interface Answer {
	readonly status: number;
	/** names in lower case */
	readonly headers: Readonly<Record<string, string>>;
	/** the body as sent */
	readonly text: string;
}

export interface Hints {
	/** what the body is, see `texts.ts` */
	readonly resource: string;
	/** the recorded list was cut: the fake's may have more keys and texts */
	readonly cut?: boolean;
	/** the recorded body shows chosen fields only: the fake's may have more keys */
	readonly extract?: boolean;
	/** fields that the recorder looked for and that were absent */
	readonly absent?: readonly string[];
	/** a command just sent may be waiting or running already, as the workers please */
	readonly mayWait?: boolean;
}

const exactHeaders = ['content-type', 'cache-control', 'www-authenticate', 'allow'] as const;

/** What differs; empty when the exchange counts as answered. */
export function compare(recorded: RecordedResponse, answer: Answer, hints: Hints): string[] {
	const differences: string[] = [];
	if (recorded.status !== answer.status) {
		return [`status ${answer.status} instead of ${recorded.status}: ${answer.text.slice(0, 200)}`];
	}
	// the headers of an extract were not kept
	if (!hints.extract) compareHeaders(recorded.headers ?? {}, answer, differences);
	compareBody(recorded.body, answer, hints, differences);
	return differences;
}

function compareHeaders(
	recorded: Readonly<Record<string, string>>,
	answer: Answer,
	differences: string[],
): void {
	// a few recordings kept no headers at all
	if (Object.keys(recorded).length === 0) return;
	for (const name of exactHeaders) {
		// HEAD and preflight recordings kept fewer headers than were sent
		if (recorded[name] === answer.headers[name]) continue;
		if (recorded[name] === undefined && (name === 'cache-control' || name === 'allow')) continue;
		differences.push(`${name} "${answer.headers[name] ?? ''}" instead of "${recorded[name] ?? ''}"`);
	}
	const had = recorded['x-application-version'] !== undefined;
	const has = answer.headers['x-application-version'] !== undefined;
	if (had !== has) differences.push(`x-application-version is ${has ? 'present' : 'absent'}`);
	if (recorded['content-length'] === '0' && answer.headers['content-length'] !== '0') {
		differences.push(`content-length "${answer.headers['content-length'] ?? ''}" instead of "0"`);
	}
	const place = placeOf(recorded['location']);
	if (place !== placeOf(answer.headers['location'])) {
		differences.push(
			`location "${answer.headers['location'] ?? ''}" instead of "${recorded['location'] ?? ''}"`,
		);
	}
	const encoding = recorded['content-encoding'];
	if (encoding === 'br' && answer.headers['content-encoding'] !== 'br') differences.push('not brotli');
	const origin = 'access-control-allow-origin';
	if (recorded[origin] !== undefined && recorded[origin] !== answer.headers[origin]) {
		differences.push(`${origin} "${answer.headers[origin] ?? ''}"`);
	}
}

/** A location without the ids in it. */
function placeOf(location: string | undefined): string | undefined {
	return location?.replace(/\/\d+$/, '/#');
}

function compareBody(recorded: Json | undefined, answer: Answer, hints: Hints, differences: string[]): void {
	if (recorded === undefined || recorded === '') {
		if (answer.text !== '') differences.push(`body instead of none: ${answer.text.slice(0, 100)}`);
		return;
	}
	// a compressed body that was not decoded
	if (recorded === '(compressed body)') return;
	let body: Json;
	try {
		body = JSON.parse(answer.text) as Json;
	} catch {
		differences.push(`no JSON: ${answer.text.slice(0, 100)}`);
		return;
	}
	if (answer.status < 300 && /^[[{]./.test(answer.text) && !['[]', '{}'].includes(answer.text)) {
		differences.push('not indented');
	}
	if (typeof recorded === 'string' && /^\[(array|list) of \d+\]$/.test(recorded)) {
		if (!Array.isArray(body) || body.length === 0) differences.push('no list');
		return;
	}
	let was = withoutShorthand(recorded);
	if (hints.mayWait && waiting(was) && waiting(body)) {
		was = withoutProgress(was);
		body = withoutProgress(body);
	}
	compareShapes(shapeOf(was), shapeOf(body), '', hints, differences);
	for (const name of hints.absent ?? []) {
		if (typeof body === 'object' && body !== null && name in body) differences.push(`${name} is present`);
	}
	compareTexts(textsOf(was, hints.resource), textsOf(body, hints.resource), hints, differences);
}

function waiting(body: Json): boolean {
	if (!isObject(body)) return false;
	const started = body['started'] !== undefined && body['stateChangeTime'] !== undefined;
	return body['status'] === 'queued' ? !started : body['status'] === 'started' && started;
}

/** What changes in the first moments of a command. */
function withoutProgress(body: Json): Json {
	if (!isObject(body)) return body;
	const changing = ['status', 'started', 'stateChangeTime', 'message'];
	return Object.fromEntries(Object.entries(body).filter(([key]) => !changing.includes(key)));
}

/** Shorthand of the recorder ("S1E2x3" for a record) says nothing about keys. */
function withoutShorthand(recorded: Json): Json {
	if (!isObject(recorded)) return recorded;
	const records = recorded['records'];
	if (!Array.isArray(records) || !records.some((one) => typeof one !== 'object')) return recorded;
	return { ...recorded, records: 'shorthand' };
}

function compareShapes(was: Shape, is: Shape, path: string, hints: Hints, differences: string[]): void {
	const at = path === '' ? 'body' : path;
	compareTypes(was, is, at, differences);
	if (was.types.has('object') && is.types.has('object')) {
		for (const [key, inner] of was.keys) {
			const other = is.keys.get(key);
			if (!other) differences.push(`${at}: key "${key}" is missing`);
			else if (inner.types.has('text') && path === '' && key === 'records' && other.types.has('array'))
				continue;
			else compareShapes(inner, other, path === '' ? key : `${path}.${key}`, hints, differences);
		}
		const free = (hints.extract ?? false) || ((hints.cut ?? false) && path !== '');
		if (!free) {
			for (const key of is.keys.keys()) {
				if (!was.keys.has(key)) differences.push(`${at}: key "${key}" is too much`);
			}
		}
	}
	if (was.elements && is.elements) {
		const atTop = path === '' || path === 'records';
		const wasEmpty = was.elements.types.size === 0;
		const isEmpty = is.elements.types.size === 0;
		if (atTop && wasEmpty !== isEmpty) differences.push(`${at}: ${isEmpty ? 'empty' : 'not empty'}`);
		else if (isEmpty && was.elements.types.has('object')) differences.push(`${at}: empty`);
		else if (!wasEmpty && !isEmpty) compareShapes(was.elements, is.elements, `${path}[]`, hints, differences);
	}
}

function compareTypes(was: Shape, is: Shape, at: string, differences: string[]): void {
	if (was.types.size === 0 || was.types.has('any text')) return;
	// values of provider fields have the type of their field
	if (at.endsWith('fields[].value')) return;
	for (const type of is.types) {
		if (was.types.has(type)) continue;
		// in the data of a history row any text may be null; a title may look like a date
		if (at.includes('data.') && ['null', 'text', 'instant', 'date', 'duration'].includes(type)) continue;
		if (type === 'any text' && was.types.has('text')) continue;
		if (type === 'array' && was.types.has('text') && at === 'records') continue;
		differences.push(`${at}: ${type} instead of ${[...was.types].join(' or ')}`);
	}
}

function compareTexts(
	was: ReadonlyMap<string, Set<string>>,
	is: ReadonlyMap<string, Set<string>>,
	hints: Hints,
	differences: string[],
): void {
	for (const [path, texts] of was) {
		// in a list: who else has sent commands is free
		if (hints.cut && path.endsWith('clientUserAgent')) continue;
		const others = is.get(path) ?? new Set<string>();
		for (const text of texts) {
			if (!others.has(text)) differences.push(`${path} "${[...others].join('", "')}" instead of "${text}"`);
		}
		if (hints.cut) continue;
		for (const text of others) {
			if (!texts.has(text)) differences.push(`${path} "${text}" is too much`);
		}
	}
}
