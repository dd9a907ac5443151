// Routes of the API: pattern and method to handler, with the 404 and 405 of the applications.
import type { IncomingHttpHeaders } from 'node:http';
import type { App } from '../app.ts';
import type { Json } from '../json.ts';
import { empty, Refusal, type Answer } from './answer.ts';
import type { Query } from './query.ts';

export interface Call {
	app: App;
	id: number;
	query: Query;
	body: Json;
	headers: IncomingHttpHeaders;
	prefix: string;
}

export type Handler = (call: Call) => Answer | Promise<Answer>;

interface Route {
	segments: string[];
	method: string;
	handler: Handler;
	body: boolean;
}

export interface Matched {
	handler: Handler;
	id: number;
	body: boolean;
}

export class Router {
	private readonly routes: Route[] = [];

	get(pattern: string, handler: Handler): void {
		this.add('GET', pattern, handler, false);
	}

	post(pattern: string, handler: Handler, body = true): void {
		this.add('POST', pattern, handler, body);
	}

	put(pattern: string, handler: Handler): void {
		this.add('PUT', pattern, handler, true);
	}

	delete(pattern: string, handler: Handler, body = false): void {
		this.add('DELETE', pattern, handler, body);
	}

	/** `path` without prefix, in lower case, without slashes at its ends. */
	match(method: string, path: string): Matched {
		const parts = path === '' ? [] : path.split('/');
		const fitting = this.routes.filter((route) => this.fits(route, parts));
		if (fitting.length === 0) throw new Refusal(empty(404));
		const literal = fitting.filter((route) => !route.segments.includes('{id}'));
		const candidates = literal.length > 0 ? literal : fitting;
		const route = candidates.find((candidate) => candidate.method === method);
		if (route === undefined) {
			const allow = [...new Set(candidates.map((candidate) => candidate.method))].join(', ');
			throw new Refusal(empty(405, { allow }));
		}
		return { handler: route.handler, id: this.idIn(route, parts), body: route.body };
	}

	private add(method: string, pattern: string, handler: Handler, body: boolean): void {
		const segments = pattern.split('/').filter((segment) => segment !== '');
		this.routes.push({ segments, method, handler, body });
	}

	private fits(route: Route, parts: string[]): boolean {
		if (route.segments.length !== parts.length) return false;
		return route.segments.every((segment, index) => {
			const part = parts[index] ?? '';
			return segment === '{id}' ? isId(part) : segment === part;
		});
	}

	private idIn(route: Route, parts: string[]): number {
		const index = route.segments.indexOf('{id}');
		return index < 0 ? 0 : Number(parts[index]);
	}
}

function isId(text: string): boolean {
	return /^-?\d+$/.test(text) && Math.abs(Number(text)) <= 2_147_483_647;
}
