// Shows that the comparison of recorded and replayed answers notices what it is there to notice.
import { describe, expect, test } from 'vitest';
import { type Answer, compare, type Hints } from './compare';
import type { Json, RecordedResponse } from './load';

const json = 'application/json; charset=utf-8';

function recorded(body: Json, status = 200, headers: Record<string, string> = {}): RecordedResponse {
	return { status, headers: { 'content-type': json, 'x-application-version': '1.2.3.4', ...headers }, body };
}

function answer(body: Json, status = 200, headers: Record<string, string> = {}): Answer {
	return {
		status,
		headers: { 'content-type': json, 'x-application-version': '9.9.9.9', ...headers },
		text: JSON.stringify(body, null, 2),
	};
}

function differences(was: Json, is: Json, hints: Hints = { resource: 'plain' }): string[] {
	return compare(recorded(was), answer(is), hints);
}

describe('status and headers', () => {
	test('equal answers do not differ', () => {
		expect(differences({ id: 1, name: 'a' }, { id: 7, name: 'b' })).toEqual([]);
	});
	test('another status', () => {
		expect(compare(recorded({}), answer({}, 201), { resource: 'plain' })[0]).toMatch(
			/^status 201 instead of 200/,
		);
	});
	test('another content type', () => {
		const got = compare(recorded({}), answer({}, 200, { 'content-type': 'application/json' }), {
			resource: 'plain',
		});
		expect(got).toHaveLength(1);
	});
	test('a version header that is absent, or too much', () => {
		const { 'x-application-version': _, ...less } = answer({}).headers;
		expect(compare(recorded({}), { ...answer({}), headers: less }, { resource: 'plain' })).toHaveLength(1);
		const without = { status: 200, headers: { 'content-type': json }, body: {} };
		expect(compare(without, answer({}), { resource: 'plain' })).toHaveLength(1);
	});
	test('a location differs, but not by its id', () => {
		const was = recorded({}, 201, { location: '/api/v3/command/17' });
		const same = answer({}, 201, { location: '/api/v3/command/4' });
		const other = answer({}, 201, { location: '/base/api/v3/command/17' });
		expect(compare(was, same, { resource: 'plain' })).toEqual([]);
		expect(compare(was, other, { resource: 'plain' })).toHaveLength(1);
		expect(compare(was, answer({}, 201), { resource: 'plain' })).toHaveLength(1);
	});
	test('an empty body has a length of 0', () => {
		const was: RecordedResponse = { status: 401, headers: { 'content-length': '0' }, body: '' };
		const good: Answer = { status: 401, headers: { 'content-length': '0' }, text: '' };
		expect(compare(was, good, { resource: 'problem' })).toEqual([]);
		expect(compare(was, { ...good, headers: {} }, { resource: 'problem' })).toHaveLength(1);
		expect(compare(was, { ...good, text: 'x' }, { resource: 'problem' })).toHaveLength(1);
	});
});

describe('keys and types', () => {
	test('a missing key, a key too much, another type', () => {
		expect(differences({ a: 1, b: 2 }, { a: 1 })).toEqual(['body: key "b" is missing']);
		expect(differences({ a: 1 }, { a: 1, b: 2 })).toEqual(['body: key "b" is too much']);
		expect(differences({ a: 1 }, { a: '1' })).toEqual(['a: text instead of number']);
		expect(differences({ a: { b: { c: 1 } } }, { a: { b: {} } })).toEqual(['a.b: key "c" is missing']);
		expect(differences({ a: { b: { c: 1 } } }, { a: { b: { d: 1 } } })).toHaveLength(2);
	});
	test('instants, dates and durations are types of their own', () => {
		expect(differences({ a: '2026-11-20T18:04:05Z' }, { a: '2026-11-20T18:04:05.123Z' })).toHaveLength(1);
		expect(differences({ a: '2026-11-20' }, { a: '2026-11-20T18:04:05Z' })).toHaveLength(1);
		expect(differences({ a: '00:00:02.3450000' }, { a: '1.02:03:04' })).toEqual([]);
		expect(differences({ a: '00:00:02.3450000' }, { a: 'PT2S' })).toHaveLength(1);
	});
	test('the elements of an array are merged', () => {
		expect(differences([{ a: 1 }, { b: 1 }], [{ a: 1, b: 2 }])).toEqual([]);
		expect(differences([{ a: 1 }], [{ a: 1 }, { b: 2 }])).toEqual(['[]: key "b" is too much']);
	});
	test('an empty list is not a full one', () => {
		expect(differences([], [{ a: 1 }])).toEqual(['body: not empty']);
		expect(differences({ records: [{ a: 1 }] }, { records: [] })).toEqual(['records: empty']);
		expect(differences({ tags: [] }, { tags: [1] })).toEqual([]);
		expect(differences({ tags: [{ a: 1 }] }, { tags: [] })).toEqual(['tags: empty']);
	});
	test('a cut list and an extract forgive additional keys, never missing ones', () => {
		const cut = { resource: 'plain', cut: true };
		expect(differences([{ a: 1 }], [{ a: 1, b: 2 }], cut)).toEqual([]);
		expect(differences([{ a: 1 }], [{ b: 2 }], cut)).toHaveLength(1);
		expect(differences({ a: 1 }, { a: 1, b: 2 }, cut)).toHaveLength(1);
		const extract = { resource: 'plain', extract: true, absent: ['c'] };
		expect(differences({ a: 1 }, { a: 1, b: 2 }, extract)).toEqual([]);
		expect(differences({ a: 1 }, { a: 1, c: 2 }, extract)).toEqual(['c is present']);
	});
	test('null only where null was, or inside the data of a history row', () => {
		expect(differences({ a: 'x' }, { a: null })).toHaveLength(1);
		expect(differences([{ data: { imdbId: 'x' } }], [{ data: { imdbId: null } }])).toEqual([]);
	});
	test('JSON is indented', () => {
		const flat = { ...answer({ a: 1 }), text: '{"a":1}' };
		expect(compare(recorded({ a: 1 }), flat, { resource: 'plain' })).toEqual(['not indented']);
	});
});

describe('texts', () => {
	const command = (message: string, status = 'completed') => ({ message, status });
	test('the message of a command', () => {
		const hints = { resource: 'command' };
		const done = 'Episode search completed. 0 reports downloaded.';
		expect(differences(command(done), command(done), hints)).toEqual([]);
		expect(differences(command(done), command(done.replace('0', '1')), hints)).toHaveLength(2);
		expect(differences(command(done), command(done, 'failed'), hints)).toHaveLength(2);
		const a = command('Searching indexers for [The Long Winter : S01E02]. 1 active indexers');
		const b = command('Searching indexers for [Another : S03E01]. 1 active indexers');
		expect(differences(a, b, hints)).toEqual([]);
	});
	test('a command just sent may be queued or started', () => {
		const hints = { resource: 'command', mayWait: true };
		const started = {
			status: 'started',
			started: '2026-11-21T08:17:43Z',
			stateChangeTime: '2026-11-21T08:17:43Z',
		};
		expect(differences({ status: 'queued' }, started, hints)).toEqual([]);
		expect(differences({ status: 'queued' }, started, { resource: 'command' })).not.toEqual([]);
		expect(differences({ status: 'queued' }, { status: 'started' }, hints)).not.toEqual([]);
		expect(differences({ status: 'queued' }, { ...started, status: 'completed' }, hints)).not.toEqual([]);
	});
	test('an entry of health is source, type and fragment', () => {
		const entry = (type: string) => [{ source: 'IndexerStatusCheck', type, wikiUrl: 'https://x/y#z' }];
		expect(differences(entry('error'), entry('error'), { resource: 'health' })).toEqual([]);
		expect(differences(entry('error'), entry('warning'), { resource: 'health' })).toHaveLength(2);
	});
	test('the message of an error', () => {
		const was = { message: 'Tag with ID 9 does not exist' };
		expect(
			differences(was, { message: 'Tag with ID 8 does not exist' }, { resource: 'problem' }),
		).toHaveLength(2);
	});
});
