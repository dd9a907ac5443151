// What may stand in a log line: no secret, nothing endless, no control characters of strangers.
import { logging } from './state';

const longestText = 2_000;
const mostItems = 50;
const deepest = 5;
const hidden = '[redacted]';

const secretName =
	/pass(word|wd|phrase|key)?$|secret|token|api[-_]?key|authorization|cookie|credential|private[-_]?key|session[-_]?id|download[-_]?url|^(key|x-api-key|sid)$/i;
const secretInAddress =
	/([?&](?:api[-_]?key|passkey|pass(?:word)?|token|auth(?:key)?|torrent_pass|rsskey|secret|key|t|r)=)[^&\s"'#]+/gi;
const userInAddress = /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@:]+(:[^\s/@]*)?@/gi;

/** A title must not be able to forge a line, move the cursor or turn the direction of writing. */
const strayControl = /(?![\n\t])[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** Bounded text without known secrets, credentials in addresses or control characters. */
export function scrubText(text: string): string {
	let safe = text.length > longestText * 4 ? text.slice(0, longestText * 4) : text;
	for (const secret of logging().secrets) if (safe.includes(secret)) safe = safe.replaceAll(secret, hidden);
	safe = safe.replace(secretInAddress, `$1${hidden}`).replace(userInAddress, `$1${hidden}@`);
	safe = safe.replace(strayControl, '\uFFFD');
	return safe.length > longestText ? `${safe.slice(0, longestText)}… (${text.length} characters)` : safe;
}

/** A copy of `fields` that is safe to write. */
export function scrubFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
	return scrubObject(fields, 0);
}

function scrubObject(value: object, depth: number): Record<string, unknown> {
	const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
	const kept = entries
		.slice(0, mostItems)
		.map(([name, entry]) => [scrubText(name), scrubNamed(name, entry, depth)] as const);
	const rest = entries.length - kept.length;
	return { ...Object.fromEntries(kept), ...(rest > 0 ? { '…': `${rest} more` } : {}) };
}

function scrubNamed(name: string, value: unknown, depth: number): unknown {
	const harmless = value === null || typeof value === 'boolean' || typeof value === 'number';
	return secretName.test(name) && !harmless ? hidden : scrubValue(value, depth + 1);
}

function scrubValue(value: unknown, depth: number): unknown {
	switch (typeof value) {
		case 'string':
			return scrubText(value);
		case 'number':
		case 'boolean':
			return value;
		case 'bigint':
			return value.toString();
		case 'object':
			return value === null ? null : scrubStructure(value, depth);
		default:
			return `[${typeof value}]`;
	}
}

function scrubStructure(value: object, depth: number): unknown {
	if (value instanceof Error) return serialiseError(value);
	if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString();
	if (value instanceof URL) return scrubText(value.href);
	if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
	if (depth >= deepest) return '[deeper]';
	if (Array.isArray(value)) {
		const items = value.slice(0, mostItems).map((item) => scrubValue(item, depth + 1));
		return value.length > mostItems ? [...items, `… ${value.length - mostItems} more`] : items;
	}
	return scrubObject(value, depth);
}

/** An error as plain data: never the values of a statement, never the text of a secret. */
export function serialiseError(error: unknown, depth = 0): Record<string, unknown> {
	if (!(error instanceof Error)) return { message: scrubText(describe(error)) };
	const { cause } = error;
	return {
		name: error.name,
		message: errorMessage(error),
		...codes(error),
		...(error.stack === undefined ? {} : { stack: frames(error.stack) }),
		...(cause === undefined || depth >= 3 ? {} : { cause: serialiseError(cause, depth + 1) }),
	};
}

function describe(thrown: unknown): string {
	if (typeof thrown === 'string') return thrown;
	try {
		return JSON.stringify(thrown);
	} catch {
		return `a thrown ${typeof thrown}`;
	}
}

/** Drizzle puts the statement and its values into the message; only the statement's beginning is kept. */
function errorMessage(error: Error): string {
	if ('query' in error && 'params' in error)
		return scrubText(`Failed query: ${String(error.query).slice(0, 300)}`);
	return scrubText(error.message.split(/\nparams: /)[0] ?? '');
}

function codes(error: Error): Record<string, unknown> {
	const found: Record<string, unknown> = {};
	for (const name of ['code', 'errno', 'syscall', 'constraint', 'table', 'severity', 'status']) {
		const value: unknown = Reflect.get(error, name);
		if (typeof value === 'string' || typeof value === 'number') found[name] = scrubValue(value, 0);
	}
	return found;
}

/** Only the frames: a stack begins with the message, which may hold values. */
function frames(stack: string): string {
	const lines = stack.split('\n').filter((line) => /^\s+at /.test(line));
	return scrubText(
		lines
			.slice(0, 10)
			.map((line) => line.trim())
			.join('\n'),
	);
}
