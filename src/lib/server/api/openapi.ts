/** The OpenAPI document, made from the operations themselves. */
import { toJsonSchema } from '@valibot/to-json-schema';
import { closed } from './closed';
import type { Operation, Schema } from './operation';

type Json = Record<string, unknown>;

const ERROR_SCHEMA: Json = {
	type: 'object',
	required: ['error', 'requestId'],
	properties: {
		error: {
			type: 'object',
			required: ['code', 'message'],
			properties: { code: { type: 'string' }, message: { type: 'string' }, details: { type: 'object' } },
		},
		requestId: { type: 'string' },
	},
};

/** OpenAPI 3.1 of all operations, sorted by path. */
export function openApiDocument(operations: readonly Operation[], version: string, basePath: string): Json {
	const paths: Record<string, Json> = {};
	for (const { spec } of [...operations].sort((a, b) => a.spec.path.localeCompare(b.spec.path))) {
		(paths[spec.path] ??= {})[spec.method.toLowerCase()] = describe(spec);
	}
	return {
		openapi: '3.1.0',
		info: {
			title: 'Comradarr',
			version,
			description:
				'Everything the pages can do, with a key in X-Api-Key. A parameter or a field that is not described is refused by its name, and so is a parameter that is given twice; nothing is done then.',
		},
		servers: [{ url: basePath }],
		security: [{ key: [] }],
		components: {
			securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Api-Key' } },
			schemas: { Error: ERROR_SCHEMA },
		},
		paths,
	};
}

function describe(spec: Operation['spec']): Json {
	return {
		summary: spec.summary,
		tags: [spec.tag],
		operationId: `${spec.method.toLowerCase()}${spec.path.replace(/[^A-Za-z0-9]+(.)?/g, (_, c: string | undefined) => (c ?? '').toUpperCase())}`,
		parameters: [...parametersOf(spec.params, 'path'), ...parametersOf(spec.query, 'query')],
		...(spec.body === undefined
			? {}
			: {
					requestBody: {
						required: true,
						content: { 'application/json': { schema: closed(schemaOf(spec.body)) } },
					},
				}),
		responses: {
			...Object.fromEntries(
				Object.entries(spec.answers).map(([status, schema]) => [status, answerOf(schema)]),
			),
			default: {
				description: `An error${spec.errors === undefined ? '' : `: ${spec.errors.join(', ')}`}`,
				content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
			},
		},
	};
}

function answerOf(schema: Schema | null): Json {
	if (schema === null) return { description: 'Done' };
	return { description: 'Done', content: { 'application/json': { schema: schemaOf(schema) } } };
}

function parametersOf(schema: Schema | undefined, where: 'path' | 'query'): Json[] {
	if (schema === undefined) return [];
	const { properties = {}, required = [] } = schemaOf(schema) as {
		properties?: Record<string, Json>;
		required?: string[];
	};
	return Object.entries(properties).map(([name, property]) => ({
		name,
		in: where,
		required: where === 'path' || required.includes(name),
		schema: property,
	}));
}

/** JSON Schema of what is on the wire: what a client sends, or what it gets. */
function schemaOf(schema: Schema): Json {
	const { $schema: _, ...rest } = toJsonSchema(schema, { errorMode: 'ignore', typeMode: 'input' });
	return rest;
}
