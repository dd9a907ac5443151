// Deny by default: what is open, what a key may do, what comes from another site.
import { expect, test } from 'vitest';
import { accessOf, isForeign, mayUse, openRoutes } from './access';
import { safeReturnPath } from './address';

test('only the named routes are open', () => {
	expect([...openRoutes].sort()).toEqual([
		'/(auth)/login',
		'/(auth)/setup',
		'/health',
		'/health/live',
		'/login',
		'/setup',
		'/webhooks/[token]',
	]);
	expect(accessOf('/(app)/connectors')).toBe('page');
	expect(accessOf('/api/v1/connectors')).toBe('api');
	expect(accessOf('/metrics')).toBe('api');
	expect(accessOf(null, '/api/v1/nothing')).toBe('api');
	expect(accessOf(null, '/nothing')).toBe('page');
	expect(accessOf('/health/new-thing')).toBe('page');
});

test('a key of scope read may not change anything', () => {
	const key = { kind: 'key', keyId: 1, name: 'k' } as const;
	expect(mayUse({ ...key, scope: 'read' }, 'GET')).toBe(true);
	for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'PURGE']) {
		expect(mayUse({ ...key, scope: 'read' }, method)).toBe(false);
		expect(mayUse({ ...key, scope: 'full' }, method)).toBe(true);
	}
});

test.each([
	[{ 'sec-fetch-site': 'same-origin', origin: 'https://own.example' }, false],
	[{ 'sec-fetch-site': 'cross-site' }, true],
	[{ 'sec-fetch-site': 'same-site' }, true],
	[{ origin: 'http://own.example' }, false],
	[{ origin: 'https://own.example' }, false],
	[{ origin: 'http://own.example:81' }, true],
	[{ origin: 'http://evil.example' }, true],
	[{ origin: 'null' }, true],
	[{}, false],
] as [Record<string, string>, boolean][])('a change with %o is foreign: %s', (headers, foreign) => {
	expect(isForeign(new Request('http://own.example/x', { method: 'POST', headers }), 'own.example')).toBe(
		foreign,
	);
});

test('reading is never foreign', () => {
	const headers = { 'sec-fetch-site': 'cross-site', origin: 'http://evil.example' };
	expect(isForeign(new Request('http://own.example/x', { headers }), 'own.example')).toBe(false);
});

test.each([
	['/wanted?x=1', '/wanted?x=1'],
	['//evil.example', '/'],
	['/\\evil.example', '/'],
	['https://evil.example', '/'],
	['javascript:alert(1)', '/'],
	[null, '/'],
])('after login %s leads to %s', (wanted, path) => {
	expect(safeReturnPath(wanted)).toBe(path);
});
