// Addresses: normal form, private networks, lists of networks in CIDR form.
import { BlockList, isIP } from 'node:net';

/** A set of networks. */
export interface NetworkList {
	/** The list as given, for settings pages. */
	readonly entries: readonly string[];
	has(address: string): boolean;
}

/** IPv4-mapped IPv6 (`::ffff:192.168.1.5`) as IPv4, without zone and brackets; other text as it is. */
export function normaliseAddress(address: string): string {
	const bare = address
		.trim()
		.replace(/^\[|\]$/g, '')
		.replace(/%.*$/, '')
		.toLowerCase();
	const dotted = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(bare)?.[1];
	if (dotted !== undefined) return dotted;
	const hex = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(bare);
	if (hex?.[1] === undefined || hex[2] === undefined) return bare;
	const [high, low] = [parseInt(hex[1], 16), parseInt(hex[2], 16)];
	return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** Parses `10.0.0.0/8, ::1, 192.168.1.2`; undefined in place of an entry that is no network. */
export function parseNetworks(list: string): { networks: NetworkList } | { invalid: string } {
	const entries = list.split(/[\s,]+/).filter((entry) => entry !== '');
	const block = new BlockList();
	for (const entry of entries) if (!add(block, entry)) return { invalid: entry };
	return { networks: { entries, has: (address) => contains(block, address) } };
}

function add(block: BlockList, entry: string): boolean {
	const [rawAddress = '', rawPrefix, ...rest] = entry.split('/');
	const address = normaliseAddress(rawAddress);
	const version = isIP(address);
	if (version === 0 || rest.length > 0) return false;
	const widest = version === 4 ? 32 : 128;
	const prefix = rawPrefix === undefined ? widest : /^\d{1,3}$/.test(rawPrefix) ? Number(rawPrefix) : -1;
	if (prefix < 0 || prefix > widest) return false;
	block.addSubnet(address, prefix, version === 4 ? 'ipv4' : 'ipv6');
	return true;
}

function contains(block: BlockList, address: string): boolean {
	const plain = normaliseAddress(address);
	const version = isIP(plain);
	return version !== 0 && block.check(plain, version === 4 ? 'ipv4' : 'ipv6');
}

const local = parseNetworks('10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 127.0.0.0/8 ::1 fc00::/7 fe80::/10');

/** True for loopback and for the private networks of RFC 1918 and their IPv6 counterparts. */
export function isLocalNetwork(address: string): boolean {
	return 'networks' in local && local.networks.has(address);
}
