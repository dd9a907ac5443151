// Addresses of the REST interface that do not exist, answered in its own form.
import type { RequestHandler } from '@sveltejs/kit';
import { notFoundHere } from '$lib/server/api/problem';

export const fallback: RequestHandler = (event) => notFoundHere(event);
