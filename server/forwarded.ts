// Who the client is and which address it used, with the headers of trusted proxies and of nobody else.
import { isIP } from 'node:net';
import { normaliseAddress, type NetworkList } from '../src/lib/server/net';

/** What is known of a request's way here. */
export interface RequestOrigin {
	/** The socket's other end. */
	readonly peer: string;
	readonly client: string;
	readonly protocol: 'http' | 'https';
	readonly host: string;
	/** The peer sent forwarded headers without being a trusted proxy. */
	readonly untrustedForward: boolean;
}

const forwardedHeaders = [
	'forwarded',
	'x-forwarded-for',
	'x-forwarded-host',
	'x-forwarded-proto',
	'x-real-ip',
	'cf-connecting-ip',
	'true-client-ip',
];
const validHost = /^(\[[0-9a-fA-F:.]+\]|[\w.-]+)(:\d{1,5})?$/;

/** Undefined if the request names no usable host. */
export function requestOrigin(
	headers: Headers,
	socketAddress: string,
	trusted: NetworkList,
	publicOrigin: string | undefined,
): RequestOrigin | undefined {
	const peer = normaliseAddress(socketAddress);
	const isProxy = trusted.has(peer);
	const told = isProxy ? headers : new Headers();
	const configured = publicOrigin === undefined ? undefined : new URL(publicOrigin);
	const host = configured?.host ?? firstOf(told.get('x-forwarded-host')) ?? headers.get('host') ?? '';
	if (!validHost.test(host)) return undefined;
	const scheme = configured?.protocol.slice(0, -1) ?? firstOf(told.get('x-forwarded-proto'));
	return {
		peer,
		client: isProxy ? clientBehind(peer, told, trusted) : peer,
		protocol: scheme === 'https' ? 'https' : 'http',
		host,
		untrustedForward: !isProxy && forwardedHeaders.some((name) => headers.has(name)),
	};
}

/** The last address of the chain that is not itself a trusted proxy: everything left of it may be invented. */
function clientBehind(peer: string, headers: Headers, trusted: NetworkList): string {
	const chain = (headers.get('x-forwarded-for') ?? headers.get('x-real-ip') ?? '')
		.split(',')
		.map((entry) => normaliseAddress(entry.replace(/:\d+$/, (port) => (entry.includes('.') ? '' : port))))
		.filter((address) => isIP(address) !== 0);
	return chain.findLast((address) => !trusted.has(address)) ?? chain[0] ?? peer;
}

function firstOf(list: string | null): string | undefined {
	const first = list?.split(',')[0]?.trim();
	return first === undefined || first === '' ? undefined : first;
}
