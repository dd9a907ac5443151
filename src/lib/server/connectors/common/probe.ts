/**
 * Test connection: asks once, and when that fails finds out what exactly is wrong, in words for a self-hosting user
 * (design §4.1, arr §2). Nothing is tried twice, and the key goes only where the user typed it.
 */
import { APPLICATION_NAMES, inNameOf } from '$lib/domain/application';
import type { ConnectorKind, Shape } from '$lib/domain/words';
import type { Answer } from './answers';
import { ArrError } from './errors';
import type { ArrErrorCode } from './errors';
import { HttpCore } from './http';
import type { HttpOptions } from './http';
import { Learner } from './learning';
import type { Heard } from './learning';
import type { Instance } from './types';

export interface ProbeOptions extends HttpOptions {
	/** What the user says that it is. */
	kind: ConnectorKind;
}
export interface ProbeProblem {
	code: ArrErrorCode;
	message: string;
	hint: string;
	/** The address that would be right, where it is known. */
	suggestedUrl: string | null;
}
export interface ProbeResult {
	ok: boolean;
	/** `appName` of whatever answered, as far as it said so. */
	application: string | null;
	version: string | null;
	kind: ConnectorKind | null;
	shape: Shape | null;
	instance?: Instance;
	problem?: ProbeProblem;
}

/** Never throws but for a defect of ours. */
export async function testConnection(options: ProbeOptions, signal?: AbortSignal): Promise<ProbeResult> {
	const heard: Heard = { application: null, version: null };
	try {
		const http = new HttpCore({ ...options, once: true });
		const learner = new Learner(options.kind, http, () => options.clock.now(), null, null);
		const instance = await learner.status(signal, heard);
		const { application, version, kind, shape } = instance;
		return { ok: true, application, version, kind, shape, instance };
	} catch (error) {
		if (!(error instanceof ArrError)) throw error;
		const found = await diagnose(error, options, heard, signal);
		const { code, suggestedUrl = null } = found;
		const [message, hint] = [inNameOf(found.message, options.kind), inNameOf(found.hint, options.kind)];
		return { ok: false, ...heard, kind: null, shape: null, problem: { code, message, hint, suggestedUrl } };
	}
}

/** Answers that could also come from a base path that is not right. */
const doubtful = new Set<ArrErrorCode>([
	'wrong_base',
	'not_json',
	'proxy_login',
	'not_application',
	'redirected',
]);

async function diagnose(
	error: ArrError,
	options: ProbeOptions,
	heard: Heard,
	signal?: AbortSignal,
): Promise<ArrError> {
	const here = { ...options, once: true };
	if (error.code === 'unauthorized') return (await wrongBaseByPing(here, signal)) ?? error;
	if (error.code === 'not_found')
		return (await otherApplication(here, heard, signal)) ?? (await withoutItsBase(here, signal)) ?? error;
	if (error.code === 'refused' || error.code === 'timeout')
		return withLoopbackHint(namingHost(error, options.url), options.url);
	if (doubtful.has(error.code) && error.suggestedUrl === undefined)
		return (await rightBase(here, signal)) ?? error;
	return error;
}

/** A 401 can mean the key or the base: `/ping` under the same base needs no key (arr §2.3). */
async function wrongBaseByPing(options: HttpOptions, signal?: AbortSignal): Promise<ArrError | null> {
	const ping = await pingAt(options, options.url, signal);
	if (ping === 'ok' || ping === 'unknown') return null;
	return ping.suggestedUrl === undefined ? ((await rightBase(options, signal)) ?? ping) : ping;
}

/** Looks for the application at the root of the same host, where a redirect would name its base. */
async function rightBase(options: HttpOptions, signal?: AbortSignal): Promise<ArrError | null> {
	const { address } = new HttpCore(options);
	const atRoot = await pingAt(options, address.origin, signal);
	if (atRoot === 'unknown') return null;
	if (atRoot !== 'ok') return atRoot.suggestedUrl === undefined ? null : atRoot;
	if (address.base === '') return null;
	return new ArrError('wrong_base', {
		message: `The application answers without the base path ${address.base}.`,
		hint: `Enter ${address.origin} as address.`,
		suggestedUrl: address.origin,
	});
}

/** A 404 below a base path: the path may be more than the base, such as a copied `/api/v3`. */
async function withoutItsBase(options: HttpOptions, signal?: AbortSignal): Promise<ArrError | null> {
	return new HttpCore(options).address.base === '' ? null : await rightBase(options, signal);
}

/** `ok`, a wrong base, or `unknown` where there is no `/ping` (older versions) or no clear answer. */
async function pingAt(
	options: HttpOptions,
	url: string,
	signal?: AbortSignal,
): Promise<'ok' | 'unknown' | ArrError> {
	try {
		const answer = await new HttpCore({ ...options, url }).ask('ping', { signal });
		return /"status"\s*:\s*"(OK|Error)"/i.test(answer.text) ? 'ok' : 'unknown';
	} catch (error) {
		if (!(error instanceof ArrError)) throw error;
		if (error.code === 'wrong_base') return error;
		return error.code === 'unauthorized' ? new ArrError('wrong_base') : 'unknown';
	}
}

/** Prowlarr, Lidarr and Readarr serve `/api/v1`, Sonarr 2 `/api`: named, so that the user sees the mix-up. */
async function otherApplication(
	options: ProbeOptions,
	heard: Heard,
	signal?: AbortSignal,
): Promise<ArrError | null> {
	const http = new HttpCore(options);
	for (const path of ['api/v1/system/status', 'api/system/status']) {
		const answer = await askQuietly(http, path, signal);
		const told = answer === null ? null : toldBy(answer);
		if (told === null) continue;
		Object.assign(heard, told);
		if (told.application === null) {
			return new ArrError('unsupported', {
				message: `Version ${told.version ?? '?'} is too old to be asked.`,
			});
		}
		return new ArrError('wrong_application', {
			message: `${told.application} answers at this address, not ${APPLICATION_NAMES[options.kind]}.`,
			hint: `Enter the address of ${APPLICATION_NAMES[options.kind]}.`,
		});
	}
	return null;
}

async function askQuietly(http: HttpCore, path: string, signal?: AbortSignal): Promise<Answer | null> {
	try {
		return await http.ask(path, { signal });
	} catch (error) {
		if (error instanceof ArrError) return null;
		throw error;
	}
}

function toldBy(answer: Answer): Heard | null {
	try {
		const body: unknown = JSON.parse(answer.text);
		if (typeof body !== 'object' || body === null) return null;
		const application =
			'appName' in body && typeof body.appName === 'string' ? body.appName.slice(0, 40) : null;
		const version = 'version' in body && typeof body.version === 'string' ? body.version.slice(0, 40) : null;
		return application === null && version === null ? null : { application, version };
	} catch {
		return null;
	}
}

/** Which host and port it is that does not answer. */
function namingHost(error: ArrError, url: string): ArrError {
	const host = URL.parse(url.trim())?.host.slice(0, 100);
	if (error.code !== 'refused' || host === undefined) return error;
	const { hint, endpoint } = error;
	return new ArrError('refused', { message: `Nothing answers at ${host}.`, hint, endpoint, cause: error });
}

function withLoopbackHint(error: ArrError, url: string): ArrError {
	if (!/^https?:\/\/(localhost|127\.|\[::1\])/i.test(url.trim())) return error;
	return new ArrError(error.code, {
		message: error.message,
		endpoint: error.endpoint,
		hint:
			'In a container, "localhost" is the container itself: use the service name of the application, ' +
			'host.docker.internal or the address of the host. Otherwise check the port and that the application is running.',
		cause: error,
	});
}
