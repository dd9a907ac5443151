// Who the client is: forwarded headers count only from trusted proxies.
import { expect, test } from 'vitest';
import { requestOrigin } from '../../server/forwarded';
import { parseNetworks, type NetworkList } from '../../src/lib/server/net';

function list(text: string): NetworkList {
	const parsed = parseNetworks(text);
	if ('invalid' in parsed) throw new Error(parsed.invalid);
	return parsed.networks;
}
const proxies = list('172.18.0.0/16');
const chain = { host: 'inner:3000', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'media.example' };

test('a trusted proxy is believed, from right to left', () => {
	const headers = new Headers({ ...chain, 'x-forwarded-for': '1.1.1.1, 9.9.9.9, 172.18.0.7' });
	expect(requestOrigin(headers, '::ffff:172.18.0.2', proxies, undefined)).toEqual({
		peer: '172.18.0.2',
		client: '9.9.9.9',
		protocol: 'https',
		host: 'media.example',
		untrustedForward: false,
	});
});

test('anybody else is not, and is noticed', () => {
	const headers = new Headers({ ...chain, 'x-forwarded-for': '192.168.1.1' });
	expect(requestOrigin(headers, '8.8.8.8', proxies, undefined)).toEqual({
		peer: '8.8.8.8',
		client: '8.8.8.8',
		protocol: 'http',
		host: 'inner:3000',
		untrustedForward: true,
	});
});

test('a configured origin wins over every header', () => {
	const found = requestOrigin(new Headers(chain), '172.18.0.2', proxies, 'https://own.example:8443');
	expect(found).toMatchObject({ protocol: 'https', host: 'own.example:8443' });
});

test.each(['', 'a b', 'x/../y', 'user@host', 'host:port'])('the host "%s" is refused', (host) => {
	const headers = new Headers();
	if (host !== '') headers.set('host', host);
	expect(requestOrigin(headers, '1.2.3.4', proxies, undefined)).toBeUndefined();
});

test('a chain of nonsense leaves the peer', () => {
	const headers = new Headers({ ...chain, 'x-forwarded-for': 'unknown, _hidden' });
	expect(requestOrigin(headers, '172.18.0.2', proxies, undefined)?.client).toBe('172.18.0.2');
});
