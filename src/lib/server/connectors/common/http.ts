/**
 * The one HTTP core of all connectors, and the only place that calls `fetch` for them: address check, key, timeouts,
 * retries, limits and the judgement of answers. Nothing outside knows of HTTP.
 */
import type { Clock } from '$lib/server/clock';
import { checkedAddresses, joinPath, parseAddress, resolveByDns, urlAt } from './address';
import type { Address, Resolve } from './address';
import { endpointOf, judge } from './answers';
import type { Answer } from './answers';
import { Body } from './body';
import { ArrError } from './errors';
import { Guard } from './guard';
import { Lanes } from './lanes';
import type { Lane } from './lanes';
import { explainNetworkError } from './network-errors';
import { waitBefore } from './retry';

export interface TlsSettings {
	/** PEM of an authority of the user's own. */
	ca: string | null;
	/** Accept any certificate. */
	allowSelfSigned: boolean;
}

export interface HttpOptions {
	/** As the user saved it, with the base path. */
	url: string;
	/** Goes into `X-Api-Key`, and nowhere else. */
	apiKey: string;
	tls?: TlsSettings | undefined;
	/** For an answer; a list gets ten times as long to its first byte. Milliseconds, default 30,000. */
	timeoutMs?: number | undefined;
	/** For the waits between tries. */
	clock: Clock;
	/** Our version, sent in `User-Agent`. */
	userAgentVersion: string;
	/** Nothing is tried again: for testing a connection. */
	once?: boolean | undefined;
	/** A list at most. Bytes, default 2 GB. */
	listLimitBytes?: number | undefined;
	/** Replaced in tests. */
	resolve?: Resolve | undefined;
	random?: (() => number) | undefined;
}

export interface Call {
	method?: 'GET' | 'POST';
	/** Sent as JSON. */
	body?: unknown;
	lane?: Lane;
	/** Default: a GET is tried again, anything else is not. `POST /movie/bulk` is a read. */
	retry?: boolean;
	headers?: Record<string, string>;
	signal?: AbortSignal | undefined;
	/** An answer that is not 2xx and yet what was asked for: returned instead of thrown, never tried again. */
	accept?: (answer: Answer) => boolean;
	/** Called when everything is ready and the request is about to be written. */
	beforeWrite?: () => Promise<void>;
	/** Not written at all (`not_started`) unless that begins within this time. Real milliseconds. */
	beginWithinMs?: number;
}

/**
 * A proxy of the environment (HTTP_PROXY and the like) would look the name up again, and be handed the key. `false` is
 * known to the runtime, though not to its types.
 */
const DIRECT: object = { proxy: false };

/** A small answer, an error page: what is read of them at most. Bytes. */
const ANSWER_LIMIT = 32 * 1024 * 1024;
const ERROR_LIMIT = 64 * 1024;
/** Lists up to this size are read before anything of them is given out, and parsed at once. Bytes. */
const SMALL_LIST = 3 * 1024 * 1024;
/** A list at most, after decompression. Bytes. */
const LIST_LIMIT = 2 * 1024 * 1024 * 1024;
/** How long checked addresses are used before the name is looked up again. Milliseconds. */
const ADDRESS_LIFE = 15_000;

export class HttpCore {
	readonly address: Address;
	/** Requests written so far, repeated ones included. */
	requestCount = 0;
	private readonly lanes = new Lanes();
	private readonly timeoutMs: number;
	/** Origins of the checked network addresses. */
	private known: { origins: string[]; at: number } | null = null;

	/** Throws `address_invalid`. */
	constructor(private readonly options: HttpOptions) {
		this.address = parseAddress(options.url);
		this.timeoutMs = options.timeoutMs ?? 30_000;
	}

	/** `Comradarr/<version>`, with a remark in brackets. */
	userAgent(remark?: string): string {
		const name = `Comradarr/${this.options.userAgentVersion}`;
		return remark === undefined ? name : `${name} (${remark})`;
	}

	/** One small answer, read to its end and judged. `path` begins behind the base. */
	async ask(path: string, call: Call = {}): Promise<Answer> {
		return this.repeat(call, async () => {
			const { answer, body } = await this.open(path, call);
			try {
				const text = await body.text(ANSWER_LIMIT);
				return { ...answer, text };
			} finally {
				body.close();
			}
		});
	}

	/** One small answer as JSON. Throws `bad_json`, and whatever `ask` throws. */
	async json(path: string, call: Call = {}): Promise<unknown> {
		return parseJson((await this.ask(path, call)).text, path);
	}

	/** A list that is read as it arrives; the caller closes it. Tried again only before anything of it is given out. */
	async stream(path: string, call: Call = {}): Promise<Body> {
		return this.repeat(call, async () => {
			const { body } = await this.open(path, call);
			try {
				await body.fill(SMALL_LIST);
				return body;
			} catch (error) {
				body.close();
				throw error;
			}
		});
	}

	private async repeat<T>(call: Call, once: () => Promise<T>): Promise<T> {
		const repeatable = this.options.once !== true && (call.retry ?? (call.method ?? 'GET') === 'GET');
		for (let tries = 1; ; tries += 1) {
			try {
				return await once();
			} catch (error) {
				if (!(error instanceof ArrError) || !repeatable) throw error;
				const wait = waitBefore(error, tries, this.options.random ?? Math.random);
				if (wait === null) throw error;
				await this.pause(wait, call.signal);
			}
		}
	}

	private async pause(ms: number, signal?: AbortSignal): Promise<void> {
		try {
			await this.options.clock.sleep(ms, signal);
		} catch (cause) {
			throw new ArrError('cancelled', { cause });
		}
	}

	/** Sends one request and judges the head of its answer; error bodies are read, others are left to the caller. */
	private async open(path: string, call: Call): Promise<{ answer: Answer; body: Body }> {
		const full = joinPath(this.address.base, path);
		const endpoint = endpointOf(full);
		const begin = performance.now();
		const leave = await this.enter(call);
		const guard = new Guard(endpoint, call.signal);
		const close = (over = false): void => {
			guard.end(over);
			leave();
		};
		try {
			const { clock } = this.options;
			const response = await clock.busy(this.send(full, call, guard, begin));
			const idleMs = this.timeoutMs * (call.lane === 'list' ? 2 : 1);
			const body = new Body(
				response.body,
				endpoint,
				{ guard, clock, idleMs, bytes: this.options.listLimitBytes ?? LIST_LIMIT },
				close,
			);
			const answer = await this.judged(full, call, response, body);
			return { answer, body };
		} catch (error) {
			close();
			throw error;
		}
	}

	/** Waits for a place among the requests of this application. */
	private async enter(call: Call): Promise<() => void> {
		const lane = call.lane ?? 'plain';
		if (call.beginWithinMs === undefined) return this.lanes.enter(lane, call.signal);
		const deadline = AbortSignal.timeout(call.beginWithinMs);
		try {
			return await this.lanes.enter(lane, call.signal ? AbortSignal.any([call.signal, deadline]) : deadline);
		} catch (error) {
			throw call.signal?.aborted === true ? error : new ArrError('not_started');
		}
	}

	private async judged(full: string, call: Call, response: Response, body: Body): Promise<Answer> {
		const { status, headers } = response;
		const question = { address: this.address, path: full, now: this.options.clock.now() };
		const head = { status, headers, text: '' };
		if (status >= 200 && status < 300 && judge(question, head) === null) return head;
		const answer = { status, headers, text: await body.start(ERROR_LIMIT) };
		if (call.accept?.(answer) === true) return answer;
		throw judge(question, answer) ?? new ArrError('server_error', { status });
	}

	/** Tries the checked addresses in turn; only a connection that was never made goes on to the next. */
	private async send(full: string, call: Call, guard: Guard, begin: number): Promise<Response> {
		const origins = await this.origins();
		for (const [index, origin] of origins.entries()) {
			try {
				const response = await this.write(`${origin}${full}`, call, guard, begin);
				if (index > 0) this.remember([origin, ...origins.filter((one) => one !== origin)]);
				return response;
			} catch (error) {
				const failure = explainNetworkError(error, 'connect', endpointOf(full));
				if (failure.sent === 'no') this.known = null;
				const another = failure.code === 'refused' || failure.code === 'unreachable';
				if (!another || index === origins.length - 1) throw failure;
			}
		}
		throw new ArrError('dns', { endpoint: endpointOf(full) });
	}

	private async origins(): Promise<string[]> {
		if (this.known !== null && performance.now() - this.known.at <= ADDRESS_LIFE) return this.known.origins;
		const ips = await checkedAddresses(this.address, this.options.resolve ?? resolveByDns);
		return this.remember(ips.map((ip) => urlAt(this.address, ip, '')));
	}

	private remember(origins: string[]): string[] {
		this.known = { origins, at: performance.now() };
		return origins;
	}

	private async write(url: string, call: Call, guard: Guard, begin: number): Promise<Response> {
		const firstByte = this.timeoutMs * (call.lane === 'list' ? 10 : 1);
		const init = this.request(call, guard.signal);
		await call.beforeWrite?.();
		if (call.signal?.aborted === true) throw new ArrError('cancelled', { sent: 'no' });
		if (performance.now() - begin > (call.beginWithinMs ?? Infinity)) throw new ArrError('not_started');
		this.requestCount += 1;
		return guard.within(firstByte, () => fetch(url, init));
	}

	private request(call: Call, signal: AbortSignal): BunFetchRequestInit {
		const tls = this.options.tls;
		const headers = {
			Host: this.address.hostHeader,
			Accept: 'application/json, */*',
			'Accept-Encoding': 'gzip',
			'User-Agent': this.userAgent(),
			'X-Api-Key': this.options.apiKey,
			...(call.body !== undefined && { 'Content-Type': 'application/json' }),
			...call.headers,
		};
		const init = {
			method: call.method ?? 'GET',
			headers,
			...DIRECT,
			redirect: 'manual' as const,
			signal,
			// the runtime's own idle limit would cut slow lists; ours is `Guard`
			timeout: false,
			// a kept connection may close under a command, and must not make it be sent twice
			keepalive: call.method !== 'POST',
			...(call.body !== undefined && { body: JSON.stringify(call.body) }),
			...(this.address.protocol === 'https:' && {
				tls: {
					serverName: this.address.host,
					rejectUnauthorized: tls?.allowSelfSigned !== true,
					...(typeof tls?.ca === 'string' && { ca: tls.ca }),
				},
			}),
		};
		return init;
	}
}

/** Parses a small answer; a byte order mark is passed over. Throws `bad_json`. */
export function parseJson(text: string, path: string): unknown {
	try {
		return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
	} catch (cause) {
		throw new ArrError('bad_json', { endpoint: endpointOf(path), cause });
	}
}
