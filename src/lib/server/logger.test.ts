// Log lines: level, context, and what must never be in them.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { currentContext, withContext } from './context';
import { createLogger, logging, registerSecret, serialiseError } from './logger';

let lines: string[] = [];
const before = { ...logging() };
const log = createLogger('test');

beforeEach(() => {
	lines = [];
	Object.assign(logging(), {
		level: 'info',
		format: 'json',
		write: (line: string) => lines.push(line),
		now: () => 0,
	});
});
afterEach(() => {
	Object.assign(logging(), before);
});

function only(): Record<string, unknown> {
	expect(lines).toHaveLength(1);
	return JSON.parse(lines[0] ?? '{}') as Record<string, unknown>;
}

test('a line has time, level, module, message and fields', () => {
	log.info('Synced', { connector: 3, took: 12n });
	expect(only()).toEqual({
		timestamp: '1970-01-01T00:00:00.000Z',
		level: 'info',
		module: 'test',
		message: 'Synced',
		connector: 3,
		took: '12',
	});
});

test('fields cannot pass for our own names', () => {
	log.info('Real', { message: 'forged', level: 'error', timestamp: 'never' });
	expect(only()).toMatchObject({ message: 'Real', level: 'info', timestamp: '1970-01-01T00:00:00.000Z' });
});

test('the level may change at any time', () => {
	log.debug('no');
	logging().level = 'debug';
	log.debug('yes');
	expect(lines).toHaveLength(1);
	expect(log.enabled('trace')).toBe(false);
});

test('the id of the work follows through awaits and timers', async () => {
	await withContext({ correlationId: 'abc', fields: { job: 'sweep' } }, async () => {
		await new Promise((done) => setTimeout(done, 1));
		withContext({ fields: { connector: 2 } }, () => log.info('inside'));
	});
	expect(only()).toMatchObject({ correlation_id: 'abc', job: 'sweep', connector: 2 });
	expect(currentContext()).toBeUndefined();
});

test('secrets vanish by name, by value, and in addresses', () => {
	registerSecret('planted-0123456789');
	log.with({ apiKey: 'k' }).warn('With planted-0123456789 in it', {
		headers: { 'X-Api-Key': 'abc', Cookie: 'session=1', accept: 'json' },
		password: 'hunter2',
		list: ['x planted-0123456789 y'],
		encoded: Buffer.from('planted-0123456789').toString('base64'),
		url: 'http://user:pw@host/api?apikey=geheim&q=1',
		hasToken: true,
	});
	const text = lines[0] ?? '';
	for (const secret of ['planted', 'hunter2', 'session=1', 'geheim', ':pw@', '"abc"', 'cGxhbnRlZC'])
		expect(text).not.toContain(secret);
	expect(only()).toMatchObject({ headers: { accept: 'json' }, hasToken: true, apiKey: '[redacted]' });
});

test('nothing is endless', () => {
	const circle: Record<string, unknown> = { name: 'x' };
	circle['self'] = circle;
	log.info('x'.repeat(10_000), {
		big: 'y'.repeat(10_000),
		many: Array.from({ length: 900 }, (_, i) => i),
		circle,
	});
	expect((lines[0] ?? '').length).toBeLessThan(8_000);
});

test('a title can forge no line and move no cursor', () => {
	logging().format = 'text';
	log.info('Title \u001b[2J\u202e\r end', { title: 'a\nERROR b' });
	for (const stray of ['\u001b', '\r', '\u202e']) expect(lines[0]).not.toContain(stray);
	expect(lines[0]?.split('\n')).toHaveLength(1);
});

test('an error of the database shows neither values nor its message in the stack', () => {
	const cause = Object.assign(new Error('duplicate key'), {
		code: 'ERR_POSTGRES',
		errno: '23505',
		constraint: 'u',
	});
	const error = Object.assign(new Error('Failed query: insert\nparams: very-secret', { cause }), {
		query: 'insert into users values ($1)',
		params: ['very-secret'],
	});
	const plain = serialiseError(error);
	expect(JSON.stringify(plain)).not.toContain('very-secret');
	expect(plain).toMatchObject({
		message: 'Failed query: insert into users values ($1)',
		cause: { errno: '23505', constraint: 'u' },
	});
	expect(serialiseError('text')).toEqual({ message: 'text' });
});
