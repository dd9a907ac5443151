// HTTP as a script would speak it, with every answer held against the product's own OpenAPI document.
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

type Json = Record<string, unknown>;

/** One answer, already found to be as described. */
export interface Answer<T = unknown> {
	status: number;
	headers: Headers;
	body: T;
}

export interface Call {
	body?: unknown;
	/** Sent as it is, instead of `body`. */
	raw?: string | Uint8Array<ArrayBuffer>;
	headers?: Record<string, string>;
	/** Another key than the client's own; null sends none. */
	key?: string | null;
}

export interface RestClient {
	get<T = Json>(path: string, call?: Call): Promise<Answer<T>>;
	post<T = Json>(path: string, body?: unknown, call?: Call): Promise<Answer<T>>;
	patch<T = Json>(path: string, body: unknown, call?: Call): Promise<Answer<T>>;
	delete<T = Json>(path: string, call?: Call): Promise<Answer<T>>;
	/** Operations called so far, as `GET /connectors/{id}`. */
	called: ReadonlySet<string>;
	/** All that the document describes. */
	described: readonly string[];
}

const METHODS = ['get', 'post', 'patch', 'delete', 'put'] as const;

/** Reads the document and checks all answers against it from then on. */
export async function restClient(url: string, apiKey: string): Promise<RestClient> {
	const response = await fetch(`${url}/api/v1/openapi.json`, { headers: { 'x-api-key': apiKey } });
	if (response.status !== 200) throw new Error(`There is no OpenAPI document: ${String(response.status)}`);
	const contract = new Contract((await response.json()) as Json);
	const called = new Set<string>();
	const send = async <T>(method: string, path: string, call: Call): Promise<Answer<T>> => {
		const answer = await ask(`${url}/api/v1${path}`, method, apiKey, call);
		called.add(contract.check(method, path, answer));
		// The document says that it is so; the caller names what it expects of it.
		return answer as Answer<T>;
	};
	return {
		get: (path, call = {}) => send('GET', path, call),
		post: (path, body, call = {}) => send('POST', path, { ...call, body }),
		patch: (path, body, call = {}) => send('PATCH', path, { ...call, body }),
		delete: (path, call = {}) => send('DELETE', path, call),
		called,
		described: contract.operations(),
	};
}

async function ask(address: string, method: string, ownKey: string, call: Call): Promise<Answer> {
	const key = call.key === undefined ? ownKey : call.key;
	const sends = call.raw !== undefined || call.body !== undefined;
	const response = await fetch(address, {
		method,
		redirect: 'manual',
		headers: {
			...(key === null ? {} : { 'x-api-key': key }),
			...(sends ? { 'content-type': 'application/json' } : {}),
			...call.headers,
		},
		...(sends ? { body: call.raw ?? JSON.stringify(call.body) } : {}),
	});
	const text = await response.text();
	const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
	return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

/** The document, asked about single answers. */
class Contract {
	private readonly ajv = new Ajv2020({ strict: false, allErrors: true });
	private readonly compiled = new Map<string, ValidateFunction>();
	private readonly paths: Record<string, Record<string, Json>>;

	constructor(document: Json) {
		addFormats(this.ajv);
		this.ajv.addSchema(document, 'openapi');
		this.paths = document.paths as Record<string, Record<string, Json>>;
	}

	operations(): string[] {
		return Object.entries(this.paths).flatMap(([path, methods]) =>
			METHODS.filter((method) => method in methods).map((method) => `${method.toUpperCase()} ${path}`),
		);
	}

	/** Throws unless path, method and status are described and the body is as described. */
	check(method: string, path: string, answer: Answer): string {
		const name = `${method} ${path} → ${String(answer.status)}`;
		if (answer.headers.get('x-request-id') === null) throw new Error(`${name}: no x-request-id`);
		const template = this.templateOf(path);
		const operation = template === undefined ? undefined : this.paths[template]?.[method.toLowerCase()];
		if (template === undefined || operation === undefined) throw new Error(`${name} is not described`);
		const responses = operation.responses as Record<string, Json>;
		const status = String(answer.status);
		const described = status in responses ? status : answer.status >= 400 ? 'default' : undefined;
		if (described === undefined) throw new Error(`${name}: this status is not described`);
		this.checkBody(name, [template, method.toLowerCase(), described], responses[described], answer.body);
		return `${method} ${template}`;
	}

	private checkBody(
		name: string,
		place: [string, string, string],
		response: Json | undefined,
		body: unknown,
	) {
		if (response?.content === undefined) {
			if (body !== '') throw new Error(`${name} has a body that is not described`);
			return;
		}
		const pointer = [
			'paths',
			place[0],
			place[1],
			'responses',
			place[2],
			'content',
			'application/json',
			'schema',
		]
			.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')))
			.join('/');
		const validate = this.compiled.get(pointer) ?? this.ajv.compile({ $ref: `openapi#/${pointer}` });
		this.compiled.set(pointer, validate);
		if (validate(body)) return;
		const told = JSON.stringify(body).slice(0, 400);
		throw new Error(`${name} is not as described: ${this.ajv.errorsText(validate.errors)}\n${told}`);
	}

	private templateOf(path: string): string | undefined {
		const parts = (path.split('?')[0] ?? '').split('/');
		const fits = (template: string): boolean => {
			const own = template.split('/');
			return (
				own.length === parts.length && own.every((part, at) => part.startsWith('{') || part === parts[at])
			);
		};
		const found = Object.keys(this.paths).filter(fits);
		// a fixed name, such as /connectors/test, goes before a place for an id
		return found.toSorted((a, b) => a.split('{').length - b.split('{').length)[0];
	}
}
