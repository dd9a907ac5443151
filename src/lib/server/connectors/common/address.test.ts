/** Addresses: what is taken, what is refused, and what may be connected to. */
import { describe, expect, it } from 'vitest';
import { checkedAddresses, isSameAddress, isForbidden, joinPath, parseAddress, urlAt } from './address';

describe('parseAddress', () => {
	it('keeps the base without its slash', () => {
		const { origin, base, host, hostHeader } = parseAddress(' http://Arr.Example:8989//sonarr/ ');
		expect({ origin, base, host, hostHeader }).toEqual({
			origin: 'http://arr.example:8989',
			base: '/sonarr',
			host: 'arr.example',
			hostHeader: 'arr.example:8989',
		});
	});

	it('takes an IPv6 address apart', () => {
		const address = parseAddress('https://[fd00::5]:8989');
		expect(address.host).toBe('fd00::5');
		expect(urlAt(address, 'fd00::5', '/x')).toBe('https://[fd00::5]:8989/x');
	});

	it.each([
		'sonarr',
		'sonarr:8989',
		'ftp://x',
		'file:///etc',
		'http://',
		'http://a:b@c',
		'http://x/?a=1',
		'http://x/#a',
		'',
	])('refuses %s', (text) => {
		expect(() => parseAddress(text)).toThrow(expect.objectContaining({ code: 'address_invalid' }));
	});

	it('joins with exactly one slash', () => {
		expect(joinPath('', 'api')).toBe('/api');
		expect(joinPath('/sonarr', '/api')).toBe('/sonarr/api');
		expect(joinPath('/sonarr/', 'api')).toBe('/sonarr/api');
	});
});

describe('isForbidden', () => {
	it.each([
		'0.0.0.0',
		'0.1.2.3',
		'169.254.169.254',
		'169.254.0.1',
		'224.0.0.1',
		'239.255.255.255',
		'255.255.255.255',
		'100.100.100.200',
		'192.0.0.192',
		'::',
		'::ffff:169.254.169.254',
		'::ffff:a9fe:a9fe',
		'::169.254.169.254',
		'64:ff9b::a9fe:a9fe',
		'2002:a9fe:a9fe::1',
		'fe80::1',
		'fe80::1%eth0',
		'febf::1',
		'ff02::1',
		'fd00:ec2::254',
		'nonsense',
		'1.2.3',
	])('refuses %s', (ip) => expect(isForbidden(ip)).toBe(true));

	it.each([
		'127.0.0.1',
		'10.0.0.5',
		'172.17.0.2',
		'192.168.1.2',
		'100.64.1.1',
		'8.8.8.8',
		'::1',
		'fd00::5',
		'2001:db8::1',
		'::ffff:10.0.0.1',
	])('allows %s', (ip) => expect(isForbidden(ip)).toBe(false));
});

describe('checkedAddresses', () => {
	it('refuses a name if any of its addresses is forbidden', async () => {
		const address = parseAddress('http://arr.example');
		await expect(
			checkedAddresses(address, async () => ['10.0.0.1', '169.254.169.254']),
		).rejects.toMatchObject({
			code: 'address_forbidden',
			sent: 'no',
		});
		await expect(checkedAddresses(address, async () => ['10.0.0.1'])).resolves.toEqual(['10.0.0.1']);
	});

	it('sees through other spellings of a number', async () => {
		for (const text of ['http://2852039166', 'http://0xa9fea9fe', 'http://[::ffff:169.254.169.254]']) {
			await expect(checkedAddresses(parseAddress(text), async (host) => [host])).rejects.toMatchObject({
				code: 'address_forbidden',
			});
		}
	});
});

describe('isSameAddress', () => {
	it.each([
		['http://sonarr:8989', 'http://SONARR:8989/'],
		['http://localhost:8989', 'http://127.0.0.1:8989'],
		['http://[::1]:8989/tv', 'http://localhost:8989/tv/'],
		['http://sonarr', 'http://sonarr:80'],
	])('%s is %s', (one, other) => expect(isSameAddress(one, other)).toBe(true));

	it.each([
		['http://sonarr:8989', 'http://sonarr:8990'],
		['http://sonarr:8989', 'http://sonarr:8989/tv'],
		['http://sonarr', 'https://sonarr'],
		['http://tv.example', 'http://films.example'],
		['no address', 'no address'],
	])('%s is not %s', (one, other) => expect(isSameAddress(one, other)).toBe(false));
});
