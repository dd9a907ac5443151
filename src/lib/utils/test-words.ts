/** How far a connection test came, from the code of its problem; and which addresses are worth a try. */
import type { ConnectorTest } from '$lib/domain/views';
import type { ConnectorKind } from '$lib/domain/words';
import { kindSigns } from '$lib/components/shared/vocabulary';

export interface Check {
	text: string;
	state: 'met' | 'failed' | 'unreached';
	note: string;
}

const ports: Record<ConnectorKind, number> = { sonarr: 8989, radarr: 7878, whisparr: 6969 };

/** The step at which each problem stops; all others stop at "is it the application?". */
const stops: Readonly<Record<string, number>> = {
	address_invalid: 0,
	address_forbidden: 0,
	dns: 1,
	refused: 2,
	unreachable: 2,
	timeout: 2,
	tls: 2,
	reset: 2,
	not_started: 2,
	cancelled: 2,
	unauthorized: 4,
};

const stopOf = (code: string): number => stops[code] ?? 3;

export function checksOf(test: ConnectorTest, kind: ConnectorKind): Check[] {
	const { name } = kindSigns[kind];
	const texts = [
		'The address can be read',
		'The name resolves',
		'The port answers',
		`It is ${name}, in a supported version`,
		'The API key is accepted',
	];
	const stop = test.problem === null ? texts.length : stopOf(test.problem.code);
	return texts.map((text, i): Check => {
		const state = i < stop ? 'met' : i === stop ? 'failed' : 'unreached';
		const note =
			state === 'unreached' ? 'not reached' : i === 3 && state === 'met' ? (test.version ?? '') : '';
		return { text, state, note };
	});
}

const LOCAL = /^(localhost|127\.|\[?::1)/;

/**
 * Addresses worth a try: the one the probe found; with http where nobody speaks https; on this machine the usual port,
 * and inside a container the usual name instead of localhost.
 */
export function proposalsOf(
	problem: NonNullable<ConnectorTest['problem']>,
	kind: ConnectorKind,
	url: string,
): string[] {
	if (problem.suggestedUrl) return [problem.suggestedUrl];
	const parsed = URL.parse(url.trim());
	if (parsed === null) return [];
	const path = parsed.pathname.replace(/\/$/, '');
	if (problem.code === 'tls') return parsed.protocol === 'https:' ? [`http://${parsed.host}${path}`] : [];
	if (stopOf(problem.code) !== 2 || !LOCAL.test(parsed.hostname)) return [];
	const usual = String(ports[kind]);
	const atUsualPort = parsed.port === usual ? [] : [`${parsed.protocol}//${parsed.hostname}:${usual}${path}`];
	return [...atUsualPort, `http://${kind}:${usual}`];
}

/** `sonarr:8989` as somebody types it, with the `http://` it needs; anything else as it is. */
export function withScheme(url: string): string {
	const plain = url.trim();
	return /^[\w.-]+(:\d+)?(\/|$)/.test(plain) || /^\[[\da-f:]+\](:\d+)?(\/|$)/i.test(plain)
		? `http://${plain}`
		: plain;
}

/** The kind that usually listens at an address's port or is in its name. */
export function kindOfAddress(url: string): ConnectorKind | null {
	const parsed = URL.parse(url.includes('://') ? url : `http://${url}`);
	if (parsed === null) return null;
	const kinds: ConnectorKind[] = ['sonarr', 'radarr', 'whisparr'];
	return kinds.find((kind) => Number(parsed.port) === ports[kind] || parsed.host.includes(kind)) ?? null;
}
