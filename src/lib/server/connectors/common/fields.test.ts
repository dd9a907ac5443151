/** The readers of single fields: strict about types, kind to what is absent, and safe for the database. */
import { describe, expect, it } from 'vitest';
import * as f from './fields';
import { readStatus } from './status';

describe('fields', () => {
	it('read absent as null or their zero', () => {
		expect([f.textOrNull({}, 'a'), f.text({}, 'a'), f.intOrNull({}, 'a'), f.intOrZero({}, 'a')]).toEqual([
			null,
			'',
			null,
			0,
		]);
		expect([f.instantOrNull({}, 'a'), f.dayOrNull({}, 'a'), f.flagOrNull({}, 'a')]).toEqual([
			null,
			null,
			null,
		]);
		expect([f.ints({}, 'a'), f.objects({}, 'a'), f.bytes({}, 'a')]).toEqual([[], [], 0]);
		expect([f.text({ a: null }, 'a'), f.intOrZero({ a: null }, 'a'), f.ints({ a: null }, 'a')]).toEqual([
			'',
			0,
			[],
		]);
	});

	const wrong: [string, (raw: f.Raw, field: string) => unknown, unknown[]][] = [
		['int', f.int, ['1', 1.5, 2 ** 31, Number.NaN, null, undefined, true, {}]],
		['id', f.id, [0, -1, 1.5]],
		['text', f.text, [1, {}, [], true]],
		['key', f.key, ['', null, 'x'.repeat(201)]],
		['flag', f.flag, ['true', 1, null, undefined]],
		['instant', f.instant, ['', 'yesterday', '2026-13-45T00:00:00Z', 5, null, `2026-${'0'.repeat(60)}`]],
		['dayOrNull', f.dayOrNull, ['2026-02-30x', '2026-02-30', '2026', 20260101, '9999-99-99']],
		['ints', f.ints, ['1', [1, '2'], [1.5], [2 ** 40], {}]],
		['objects', f.objects, [{}, [1], ['x']]],
		['object', f.object, [null, [], 'x']],
		['bytes', f.bytes, ['1', 2 ** 60, Number.NaN]],
	];
	it.each(wrong)('%s refuses what is wrong and names the field', (_, read, values) => {
		for (const value of values) {
			expect(() => read({ size: value }, 'size'), String(value)).toThrow(
				expect.objectContaining({ field: 'size' }),
			);
		}
	});

	it('make texts fit for the database', () => {
		expect(f.text({ a: 'a\u0000b' }, 'a')).toBe('ab');
		expect(f.text({ a: 'a\ud800b\udc00' }, 'a')).toBe('a\ufffdb\ufffd');
		expect(f.text({ a: 'x'.repeat(10_000) }, 'a')).toHaveLength(500);
		expect(f.clean(`${'x'.repeat(499)}🐢`)).toBe('x'.repeat(499));
	});

	it('read dates as the applications write them', () => {
		expect(f.instant({ a: '2026-11-20T18:04:05Z' }, 'a')).toEqual(new Date(Date.UTC(2026, 10, 20, 18, 4, 5)));
		expect(f.instantOrNull({ a: '0001-01-01T00:00:00Z' }, 'a')).toBeNull();
		expect(f.dayOrNull({ a: '2026-11-20' }, 'a')).toBe('2026-11-20');
	});

	it('take no year that a column refuses, in small answers neither', () => {
		const far = '+275760-09-13T00:00:00.000Z';
		expect(() => f.instant({ a: far }, 'a')).toThrow('a date');
		const status = readStatus('status', {
			appName: 'Sonarr',
			version: '4.0.0.0',
			startTime: far,
			appData: 'a\ud800',
		});
		expect(status).toMatchObject({ startTime: null, appData: 'a\ufffd' });
	});
});
