/**
 * Where requests may go: the address as the user wrote it, the network addresses behind its name, and which of these
 * are refused. Requests are sent to an address that was checked, never to a name that is looked up again.
 */
import { isIP, isIPv6 } from 'node:net';
import { lookup } from 'node:dns/promises';
import { ArrError } from './errors';

export interface Address {
	/** `http://host:port`, as it is shown and compared. */
	readonly origin: string;
	readonly protocol: 'http:' | 'https:';
	/** Name or number without brackets. */
	readonly host: string;
	/** Empty for the protocol's own port. */
	readonly port: string;
	/** What goes into the `Host` header. */
	readonly hostHeader: string;
	/** Base path without a slash at its end; empty for none. */
	readonly base: string;
}

/** Finds the network addresses of a name. Replaced in tests. */
export type Resolve = (host: string) => Promise<string[]>;

/**
 * Takes an address apart. Query, fragment and login data are refused rather than dropped, since the user meant something.
 * Throws `address_invalid`.
 */
export function parseAddress(text: string): Address {
	let url: URL;
	try {
		url = new URL(text.trim());
	} catch (cause) {
		throw new ArrError('address_invalid', { cause });
	}
	if (url.protocol !== 'http:' && url.protocol !== 'https:') {
		throw new ArrError('address_invalid', { message: 'Only http and https addresses can be asked.' });
	}
	if (url.username !== '' || url.password !== '') {
		throw new ArrError('address_invalid', {
			message: 'The address holds a user name or password.',
			hint: 'Leave them out: only the API key is used.',
		});
	}
	if (url.search !== '' || url.hash !== '') {
		throw new ArrError('address_invalid', { message: 'The address has a query or a fragment behind it.' });
	}
	return {
		origin: url.origin,
		protocol: url.protocol,
		host: url.hostname.replace(/^\[|\]$/g, ''),
		port: url.port,
		hostHeader: url.host,
		base: url.pathname.replace(/\/{2,}/g, '/').replace(/\/$/, ''),
	};
}

/** Names of the machine itself. */
const OWN_HOST = /^(localhost|127(\.\d+){3}|::1)$/i;

/** Whether both lead to the same application: by host, port and base path. False for what is no address. */
export function isSameAddress(one: string, other: string): boolean {
	const [first, second] = [one, other].map(placeOf);
	return first !== null && first === second;
}

function placeOf(text: string): string | null {
	try {
		const { host, port, protocol, base } = parseAddress(text);
		const name = OWN_HOST.test(host) ? 'localhost' : host.toLowerCase();
		return `${name} ${port === '' ? protocol : port} ${base.toLowerCase()}`;
	} catch {
		return null;
	}
}

/** Base and path with exactly one slash between them (arr §2.3). */
export function joinPath(base: string, path: string): string {
	return `${base.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`;
}

/** The same place by its checked network address. */
export function urlAt(address: Address, ip: string, path: string): string {
	const host = isIPv6(ip) ? `[${ip}]` : ip;
	const port = address.port === '' ? '' : `:${address.port}`;
	return `${address.protocol}//${host}${port}${path}`;
}

/** Looks a name up, IPv4 first. Throws `dns`. */
export const resolveByDns: Resolve = async (host) => {
	try {
		const found = await lookup(host, { all: true, order: 'verbatim' });
		return found.toSorted((a, b) => a.family - b.family).map((one) => one.address);
	} catch (cause) {
		throw new ArrError('dns', { message: `The host name "${host.slice(0, 100)}" is not known.`, cause });
	}
};

/**
 * The network addresses of `address`, all of them checked: if one is forbidden, none is used (design §4.13).
 * Throws `dns` and `address_forbidden`.
 */
export async function checkedAddresses(address: Address, resolve: Resolve): Promise<string[]> {
	const found = isIP(address.host) === 0 ? await resolve(address.host) : [address.host];
	if (found.length === 0) throw new ArrError('dns');
	if (found.some(isForbidden)) throw new ArrError('address_forbidden');
	return found;
}

/** Link-local (with the metadata services), multicast, unspecified and reserved; loopback and private are allowed. */
export function isForbidden(ip: string): boolean {
	if (isIPv6(ip)) return isForbiddenV6(ip);
	return isForbiddenV4(ip.split('.').map(Number));
}

function isForbiddenV4(parts: readonly number[]): boolean {
	const [a = 0, b = 0, c = 0, d = 0] = parts;
	if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255))
		return true;
	if (a === 0 || a >= 224) return true;
	if (a === 169 && b === 254) return true;
	// the metadata services of Alibaba and Oracle lie outside the link-local range
	return (a === 100 && b === 100 && c === 100 && d === 200) || (a === 192 && b === 0 && c === 0 && d === 192);
}

function isForbiddenV6(ip: string): boolean {
	const words = wordsOf(ip);
	if (words === null) return true;
	const embedded = embeddedV4(words);
	if (embedded !== null) return isForbiddenV4(embedded);
	const first = words[0] ?? 0;
	if (words.every((word) => word === 0)) return true;
	if ((first & 0xffc0) === 0xfe80 || (first & 0xff00) === 0xff00) return true;
	// fd00:ec2::254, fd20:ce::254: metadata services inside the private range
	const last = words[7] ?? 0;
	return (
		last === 0x254 && ((first === 0xfd00 && words[1] === 0xec2) || (first === 0xfd20 && words[1] === 0xce))
	);
}

/** The eight 16-bit words of an IPv6 address; null if it is none. */
function wordsOf(ip: string): number[] | null {
	const plain = (ip.split('%')[0] ?? '').replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) => {
		const high = Number(a) * 256 + Number(b);
		const low = Number(c) * 256 + Number(d);
		return `${high.toString(16)}:${low.toString(16)}`;
	});
	const [head = '', tail] = plain.split('::');
	const left = head === '' ? [] : head.split(':');
	const right = tail === undefined || tail === '' ? [] : tail.split(':');
	const missing = 8 - left.length - right.length;
	if (missing < 0 || (tail === undefined && missing !== 0)) return null;
	const words = [...left, ...Array<string>(missing).fill('0'), ...right].map((word) =>
		Number.parseInt(word, 16),
	);
	return words.some((word) => Number.isNaN(word) || word > 0xffff) ? null : words;
}

/** IPv4 inside IPv6: mapped, compatible, NAT64 and 6to4. */
function embeddedV4(words: readonly number[]): number[] | null {
	const [w0 = 0, w1 = 0, w2 = 0, w3 = 0, w4 = 0, w5 = 0, w6 = 0, w7 = 0] = words;
	const high = [w0, w1, w2, w3, w4].every((word) => word === 0);
	const last = [w6 >> 8, w6 & 255, w7 >> 8, w7 & 255];
	if (high && w5 === 0xffff) return last;
	if (high && w5 === 0 && (w6 !== 0 || w7 > 1)) return last;
	if (w0 === 0x64 && w1 === 0xff9b) return last;
	if (w0 === 0x2002) return [w1 >> 8, w1 & 255, w2 >> 8, w2 & 255];
	return null;
}
