// Fields that nobody knows, found by the schema that checks the body.
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { closed, misfits } from './closed';

const schema = v.object({
	name: v.pipe(v.string(), v.trim()),
	settings: v.optional(
		v.object({
			kinds: v.optional(v.nullable(v.object({ gap: v.optional(v.boolean(), true) })), null),
			tags: v.optional(v.array(v.string()), []),
		}),
		{},
	),
});
const fieldsOf = (input: unknown): string[] => misfits(schema, input).map(({ field }) => field);

describe('misfits', () => {
	test.each([
		[{ name: 'x' }, []],
		[{ name: 'x', settings: { kinds: null, tags: ['a'] } }, []],
		[{ nam: 'x' }, ['nam']],
		[{ settings: { kinds: { gpa: true, gap: true } }, more: 1 }, ['settings.kinds.gpa', 'more']],
		[{ constructor: 1 }, ['constructor']],
		[JSON.parse('{"__proto__":{}}'), ['__proto__']],
		[{ settings: [] }, ['settings']],
		[[], ['']],
		[null, []],
		['text', []],
	])('%j: %j', (input: unknown, fields: string[]) => expect(fieldsOf(input)).toEqual(fields));
});

test('the same in JSON Schema: every object that names its fields is closed, at any depth', () => {
	const inner = { type: 'object', properties: { a: { type: 'string' } } };
	const described = closed({ type: 'object', properties: { list: { anyOf: [inner, { type: 'null' }] } } });
	expect(described).toEqual({
		type: 'object',
		additionalProperties: false,
		properties: { list: { anyOf: [{ ...inner, additionalProperties: false }, { type: 'null' }] } },
	});
});
