/**
 * The query of an address. What is not known is refused here as in a body: a misspelt filter would otherwise list, or
 * clear, what it was to leave out.
 */
import { assertText } from './body';
import { entriesOf, type AnySchema, type Misfit } from './closed';

interface Takes {
	query?: AnySchema | undefined;
	body?: AnySchema | undefined;
}

/** Names and values as sent; of a name that is given twice, the last. */
export function queryOf({ searchParams }: URL): Record<string, string> {
	const query = Object.fromEntries(searchParams);
	for (const text of Object.values(query)) assertText(text, 400);
	return query;
}

/** Parameters that the operation does not take, or not twice. */
export function strangers({ query, body }: Takes, { searchParams }: URL): Misfit[] {
	const known = Object.keys(entriesOf(query) ?? {});
	const inBody = Object.keys(entriesOf(body) ?? {});
	const told = known.length === 0 ? 'it takes none' : `it takes ${known.join(', ')}`;
	return [...new Set(searchParams.keys())].flatMap((field) => {
		if (known.includes(field))
			return searchParams.getAll(field).length === 1 ? [] : [{ field, message: 'is given more than once' }];
		if (inBody.includes(field)) return [{ field, message: 'belongs into the body of this request' }];
		return [{ field, message: `is no parameter of this request; ${told}` }];
	});
}
