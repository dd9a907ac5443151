/** Splitting lists: any cut of the bytes gives the same records, and damage never passes for an end. */
import { describe, expect, it } from 'vitest';
import { ArrError } from './errors';
import { ArraySplitter, END, MORE, Oversize } from './json-stream';

const records = [
	{ id: 1, title: 'Żółw 🐢 "quoted" \\ back', list: [1, [2, { a: '}]' }]], nothing: null },
	{ id: 2, title: 'line\nbreak and \u0000', nested: { deep: { deeper: [] } }, empty: {} },
	{},
	{ id: 3, title: '\n  }' },
];

/** All that the splitter gives when the bytes come in pieces of `size`. */
function split(bytes: Uint8Array, size: number, limit = 1024 * 1024): unknown[] {
	const splitter = new ArraySplitter(limit, '/list');
	const found: unknown[] = [];
	const drain = (): boolean => {
		for (;;) {
			const taken = splitter.take();
			if (taken === MORE) return false;
			if (taken === END) return true;
			found.push(taken);
		}
	};
	for (let at = 0; at < bytes.length; at += size) {
		splitter.feed(bytes.subarray(at, at + size));
		drain();
	}
	splitter.finish();
	if (!drain()) throw new Error('no end');
	return found;
}

function codeOf(work: () => unknown): string {
	try {
		work();
	} catch (error) {
		return error instanceof ArrError ? error.code : String(error);
	}
	return 'nothing thrown';
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const spellings: [string, string][] = [
	['indented by two', JSON.stringify(records, null, 2)],
	['indented with CRLF', JSON.stringify(records, null, 2).replaceAll('\n', '\r\n')],
	['indented by four', JSON.stringify(records, null, 4)],
	['indented by tabs', JSON.stringify(records, null, '\t')],
	['in one line', JSON.stringify(records)],
	['one record a line', `[\n${records.map((one) => `  ${JSON.stringify(one)}`).join(',\n')}\n]`],
	['with a byte order mark', `\uFEFF${JSON.stringify(records, null, 2)}`],
	['with blanks around', ` \n\t${JSON.stringify(records, null, 2)}\r\n `],
	// the guess by indentation must notice that it is wrong
	['falsely indented', `[\n  {\n    "id": 1, "x": {\n  }, "y": 2 },\n  {\n    "id": 2\n  }\n]`],
	['mixed', `[\n  {\n    "id": 1\n  }, {"id": 2}, 3, "four,]", null, [5, {"a": [6]}], true]`],
];

describe('ArraySplitter', () => {
	it.each(spellings)('gives the same records %s, however the bytes come', (_, text) => {
		const expected: unknown = JSON.parse(text.replace('\uFEFF', ''));
		const bytes = bytesOf(text);
		for (const size of [1, 2, 3, 7, 64, bytes.length]) expect(split(bytes, size)).toEqual(expected);
	});

	it('gives nothing for an empty list', () => {
		for (const text of ['[]', ' [ ] ', '[\n]']) expect(split(bytesOf(text), 1)).toEqual([]);
	});

	it('says that a list was cut off, wherever it was cut', () => {
		const bytes = bytesOf(JSON.stringify(records, null, 2));
		for (let length = 0; length < bytes.length; length += 1) {
			expect(codeOf(() => split(bytes.subarray(0, length), 16))).toBe('cut_off');
		}
	});

	it.each([
		['an object', '{"message": "no"}'],
		['a page', '<html></html>'],
		['a text', '"text"'],
		['rubbish behind the list', '[{"id": 1}] x'],
		['a second list', '[{"id": 1}][]'],
		['no comma', '[{"id": 1} {"id": 2}]'],
		['two commas', '[{"id": 1},,{"id": 2}]'],
		['a comma at the end', '[{"id": 1},]'],
		['a record that is no JSON', '[{"id": nope}]'],
		['brackets that do not match', '[{"id": [1}]]'],
		['a line break in a text', '[\n  {\n    "id": "a\n  }"\n  }\n]'],
	])('refuses %s', (_, text) => {
		for (const size of [1, 5, 1000])
			expect(codeOf(() => split(bytesOf(text), size))).toMatch(/bad_json|cut_off/);
	});

	it('passes over records that are too large and knows their last bytes', () => {
		const large = { text: 'x'.repeat(5000), brackets: '}]{["\\'.repeat(100), id: 7 };
		for (const indent of [0, 2]) {
			const bytes = bytesOf(JSON.stringify([{ id: 1 }, large, { id: 2 }, 'y'.repeat(3000)], null, indent));
			for (const size of [1, 100, 4096, bytes.length]) {
				const [first, over, second, word] = split(bytes, size, 1000);
				expect([first, second]).toEqual([{ id: 1 }, { id: 2 }]);
				expect(over instanceof Oversize && over.tail).toMatch(/"id":\s*7\s*\}$/);
				expect(word).toBeInstanceOf(Oversize);
			}
		}
	});

	it('holds no more than a record, and does not slow down with tiny pieces', () => {
		const text = JSON.stringify(Array.from({ length: 300 }, (_, id) => ({ id, text: 'z'.repeat(1000) })));
		const begin = performance.now();
		expect(split(bytesOf(text), 1)).toHaveLength(300);
		expect(performance.now() - begin).toBeLessThan(3000);
	});

	it('survives brackets nested without end', () => {
		const deep = `[${'['.repeat(200_000)}${']'.repeat(200_000)}]`;
		expect(['bad_json', 'nothing thrown']).toContain(codeOf(() => split(bytesOf(deep), 65_536)));
	});
});
