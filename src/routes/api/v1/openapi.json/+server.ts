// The description of the REST interface, made from the operations of all folders beside this one.
import { json, type RequestHandler } from '@sveltejs/kit';
import { resolve } from '$app/paths';
import { isOperation } from '$lib/server/api/operation';
import { openApiDocument } from '$lib/server/api/openapi';

const modules = import.meta.glob<Record<string, unknown>>('../**/operations.ts', { eager: true });
const operations = Object.values(modules).flatMap((module) => Object.values(module).filter(isOperation));

let described: ReturnType<typeof openApiDocument> | undefined;

export const GET: RequestHandler = ({ locals }) =>
	json((described ??= openApiDocument(operations, locals.app.version, `${resolve('/')}api/v1`)));
