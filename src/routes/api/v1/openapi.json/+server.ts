// The description of the REST interface, made from the operations of all folders beside this one.
import { json, type RequestHandler } from '@sveltejs/kit';
import { resolve } from '$app/paths';
import type { Operation } from '$lib/server/api/operation';
import { openApiDocument } from '$lib/server/api/openapi';

const modules = import.meta.glob<Record<string, Operation>>('../**/operations.ts', { eager: true });
const operations = Object.values(modules).flatMap((module) => Object.values(module));

export const GET: RequestHandler = ({ locals }) =>
	json(openApiDocument(operations, locals.app.version, `${resolve('/')}api/v1`));
