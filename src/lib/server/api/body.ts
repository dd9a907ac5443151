/** A request's body: JSON of a bounded size, depth and width, or a clear refusal. */
import { AppError } from '../app-error';
import { isStorable } from '../storable';

/** Far above any request of ours; a certificate may have 100 KB. */
export const MOST_BYTES = 1_000_000;
const MOST_ENTRIES = 10_000;
const DEEPEST = 20;

/** The parsed body; an empty one counts as `{}`. */
export async function readBody(request: Request): Promise<unknown> {
	const text = await readText(request);
	if (text === '') return {};
	const type = request.headers.get('content-type') ?? '';
	if (!/^application\/json\s*(;|$)/i.test(type)) {
		throw new AppError('unsupported_media_type', 415, 'Send JSON, with content-type: application/json.');
	}
	const body = parseJson(text);
	assertModest(body);
	return body;
}

const tooLarge = (): AppError =>
	new AppError('too_large', 413, `The body is larger than ${String(MOST_BYTES / 1000)} KB.`);

/** Never takes in more than the limit, whatever the header says. */
async function readText(request: Request): Promise<string> {
	if (Number(request.headers.get('content-length') ?? '0') > MOST_BYTES) throw tooLarge();
	const stream: AsyncIterable<Uint8Array> | null = request.body;
	if (stream === null) return '';
	const parts: Uint8Array[] = [];
	let size = 0;
	for await (const part of stream) {
		size += part.byteLength;
		if (size > MOST_BYTES) throw tooLarge();
		parts.push(part);
	}
	return new TextDecoder().decode(Buffer.concat(parts));
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		throw new AppError('bad_json', 400, 'The body is not valid JSON.');
	}
}

/** Refuses what no request of ours needs: endless lists, deep nesting, characters that no database takes. */
export function assertModest(value: unknown): void {
	let entries = 0;
	const visit = (part: unknown, depth: number): void => {
		entries += 1;
		if (entries > MOST_ENTRIES || depth > DEEPEST)
			throw new AppError('too_large', 422, 'The body has too many parts.');
		if (typeof part === 'string') assertText(part);
		if (typeof part !== 'object' || part === null) return;
		for (const [name, inner] of Object.entries(part)) {
			assertText(name);
			visit(inner, depth + 1);
		}
	};
	visit(value, 0);
}

/** @throws AppError `invalid` (422) */
export function assertText(text: string, status: 400 | 422 = 422): void {
	if (!isStorable(text))
		throw new AppError('invalid', status, 'A text holds a NUL character or half a character.');
}
