/**
 * Judges an answer before anybody reads it: is it the application's own, is it data, and if not, what does it mean
 * (arr §2, §3.5)?
 */
import type { Address } from './address';
import { ArrError } from './errors';
import { readRetryAfter } from './retry';

/** What is known of an answer; `text` is empty for one that is still to be read. */
export interface Answer {
	readonly status: number;
	readonly headers: Headers;
	readonly text: string;
}
export interface Question {
	readonly address: Address;
	/** Path with query, as it was asked, with the base. */
	readonly path: string;
	/** Our wall clock. Milliseconds. */
	readonly now: number;
}

/** The application itself answered, not something in front of it (arr §3.5 "Who answered?"). */
export function isOwnAnswer(answer: Answer): boolean {
	return answer.headers.has('x-application-version') || messageOf(answer) !== null;
}

export function isJson(headers: Headers): boolean {
	return /^(application\/(problem\+)?json|text\/json)\b/i.test(headers.get('content-type') ?? '');
}

/** The `message` (or `errorMessage`) of an error body: for decisions only, never shown (it can hold keys). */
export function messageOf(answer: Answer): string | null {
	if (!isJson(answer.headers) || answer.text === '') return null;
	try {
		const body: unknown = JSON.parse(answer.text);
		if (typeof body !== 'object' || body === null) return null;
		if ('message' in body && typeof body.message === 'string') return body.message;
		if ('errorMessage' in body && typeof body.errorMessage === 'string') return body.errorMessage;
		return null;
	} catch {
		return null;
	}
}

/** The error an answer stands for; null if it is 2xx and says it is JSON. */
export function judge(question: Question, answer: Answer): ArrError | null {
	const { status } = answer;
	const endpoint = endpointOf(question.path);
	if (status >= 200 && status < 300) return isJson(answer.headers) ? null : judgePage(answer, endpoint);
	if (status >= 300 && status < 400) return judgeRedirect(question, answer, endpoint);
	if (status === 401 || status === 403 || status === 407) return judgeRefusal(answer, endpoint);
	if (status === 429)
		return new ArrError('rate_limited', { status, endpoint, retryAfterMs: waitOf(question, answer) });
	if (status >= 500) return judgeFailure(question, answer, endpoint);
	return judgeBadRequest(answer, endpoint);
}

function waitOf(question: Question, answer: Answer): number | undefined {
	return readRetryAfter(answer.headers.get('retry-after'), question.now);
}

/** Path without query, for messages. */
export function endpointOf(path: string): string {
	const end = path.indexOf('?');
	return end === -1 ? path : path.slice(0, end);
}

function judgePage({ status, text }: Answer, endpoint: string): ArrError {
	if (/<title>\s*(Sonarr|Radarr|Whisparr|Prowlarr|Lidarr|Readarr)/i.test(text)) {
		return new ArrError('wrong_base', {
			status,
			endpoint,
			message: 'The pages of the application answered instead of its API.',
		});
	}
	if (/type=["']?password/i.test(text)) return new ArrError('proxy_login', { status, endpoint });
	return new ArrError('not_json', { status, endpoint });
}

function judgeRedirect({ address, path }: Question, { status, headers }: Answer, endpoint: string): ArrError {
	const location = headers.get('location');
	const target = location === null ? null : URL.parse(location, `${address.origin}${path}`);
	if (target === null) return new ArrError('redirected', { status, endpoint });
	if (target.origin !== address.origin) return judgeOtherOrigin(address, target, status, endpoint);
	const base = baseIn(target.pathname, endpoint);
	if (base !== null) {
		const suggestedUrl = `${address.origin}${base}`;
		const message = `The application lives under the base path ${base}.`;
		return new ArrError('wrong_base', {
			status,
			endpoint,
			message,
			suggestedUrl,
			hint: `Enter ${suggestedUrl} as address.`,
		});
	}
	// the login page of the application itself: the path was none of its API (arr §2.3)
	if (/\/login$/i.test(target.pathname) && target.searchParams.has('returnUrl')) {
		return new ArrError('wrong_base', { status, endpoint });
	}
	return new ArrError('proxy_login', { status, endpoint });
}

function judgeOtherOrigin(address: Address, target: URL, status: number, endpoint: string): ArrError {
	if (target.hostname.replace(/^\[|\]$/g, '') !== address.host)
		return new ArrError('proxy_login', { status, endpoint });
	const suggestedUrl = `${target.origin}${address.base}`;
	return new ArrError('redirected', {
		status,
		endpoint,
		suggestedUrl,
		hint: `Enter ${suggestedUrl} as address.`,
	});
}

/** The base that a redirect puts in front of the whole path that was asked, with the wrong base in it (arr §2.3). */
function baseIn(target: string, asked: string): string | null {
	if (target.length <= asked.length || !target.toLowerCase().endsWith(asked.toLowerCase())) return null;
	return target.slice(0, target.length - asked.length).replace(/\/$/, '') || null;
}

function judgeRefusal({ status, headers, text }: Answer, endpoint: string): ArrError {
	if (/\/login\b/i.test(headers.get('location') ?? ''))
		return new ArrError('wrong_base', { status, endpoint });
	// the application refuses a key with an empty 401 and nothing else (arr §2.1)
	const foreign = status !== 401 || text !== '' || headers.has('www-authenticate');
	return new ArrError(foreign ? 'proxy_login' : 'unauthorized', { status, endpoint });
}

function judgeFailure(question: Question, answer: Answer, endpoint: string): ArrError {
	const { status } = answer;
	const retryAfterMs = waitOf(question, answer);
	const details = { status, endpoint, retryAfterMs };
	if (/is starting up/i.test(answer.text)) return new ArrError('starting', details);
	if (/database is locked/i.test(messageOf(answer) ?? '')) return new ArrError('database_locked', details);
	if (status >= 502 && status <= 504) {
		return new ArrError('server_error', {
			...details,
			message: 'A proxy in front of the application could not reach it.',
		});
	}
	return new ArrError('server_error', details);
}

function judgeBadRequest(answer: Answer, endpoint: string): ArrError {
	const { status } = answer;
	if (status === 400 && /plain http request was sent to https port/i.test(answer.text)) {
		return new ArrError('tls', {
			status,
			endpoint,
			message: 'This port wants https.',
			hint: 'Enter the address with https.',
		});
	}
	if (status === 404)
		return new ArrError(isOwnAnswer(answer) ? 'not_found' : 'not_application', { status, endpoint });
	return new ArrError(isOwnAnswer(answer) || isJson(answer.headers) ? 'bad_request' : 'not_application', {
		status,
		endpoint,
	});
}
