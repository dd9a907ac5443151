// Addresses in their many forms.
import { expect, test } from 'vitest';
import { isLocalNetwork, normaliseAddress, parseNetworks } from './net';

test.each([
	['::ffff:192.168.1.5', '192.168.1.5'],
	['::FFFF:c0a8:105', '192.168.1.5'],
	['[::1]', '::1'],
	['fe80::1%eth0', 'fe80::1'],
	['10.0.0.1', '10.0.0.1'],
])('%s is %s', (given, expected) => {
	expect(normaliseAddress(given)).toBe(expected);
});

test.each(['10.1.2.3', '172.31.255.255', '192.168.0.1', '127.0.0.1', '::1', '::ffff:10.0.0.1', 'fd00::1'])(
	'%s is local',
	(address) => {
		expect(isLocalNetwork(address)).toBe(true);
	},
);

test.each(['8.8.8.8', '172.32.0.1', '169.254.169.254', '2001:db8::1', '', 'localhost'])(
	'%s is not local',
	(address) => {
		expect(isLocalNetwork(address)).toBe(false);
	},
);

test('a list names the entry it cannot read', () => {
	expect(parseNetworks('10.0.0.0/8 nonsense')).toEqual({ invalid: 'nonsense' });
	expect(parseNetworks('10.0.0.0/8/9')).toHaveProperty('invalid');
	expect(parseNetworks('')).toHaveProperty('networks');
});
