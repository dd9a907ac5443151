// Bad answers on demand: what a broken application, a proxy in front of it, or the network can do.
import type { ServerResponse } from 'node:http';
import type { FaultKind, FaultSetup } from '../control/contract.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import type { Answer } from './answer.ts';
import { wait, type BodyBreak } from './writer.ts';

export interface ActiveFault {
	id: number;
	setup: FaultSetup;
	left: number;
	skip: number;
}

interface Fixed {
	status: number;
	headers?: Record<string, string>;
	body?: string;
}

const HTML = { 'content-type': 'text/html; charset=utf-8' };
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

const FIXED: Partial<Record<FaultKind, Fixed>> = {
	html: { status: 200, headers: HTML, body: '<!doctype html><html><body>Sign in</body></html>' },
	emptyList: { status: 200, headers: JSON_TYPE, body: '[]' },
	'401': { status: 401, headers: { 'content-length': '0' } },
	'404': { status: 404, headers: { 'content-length': '0' } },
	proxy404: { status: 404, headers: { 'content-length': '0' } },
	proxy404json: {
		status: 404,
		headers: { 'content-type': 'application/problem+json' },
		body: '{"title":"Not Found","status":404}',
	},
	'414': { status: 414, headers: { 'content-length': '0' } },
	'429': { status: 429, headers: HTML, body: '<html><body>Too many requests</body></html>' },
	'500': {
		status: 500,
		headers: { 'content-type': 'application/json' },
		body: '{\n  "message": "Object reference not set to an instance of an object.",\n  "description": "System.NullReferenceException"\n}',
	},
	databaseLocked: {
		status: 500,
		headers: { 'content-type': 'application/json' },
		body: '{\n  "message": "database is locked",\n  "description": "code = Busy (5), message = database is locked"\n}',
	},
	'502': { status: 502, headers: HTML, body: '<html><body>Bad gateway</body></html>' },
	'504': { status: 504, headers: HTML, body: '<html><body>Gateway timeout</body></html>' },
	loginPage: { status: 302, headers: { location: 'https://login.invalid/?return=x', 'content-length': '0' } },
};

export class Faults {
	private readonly active: ActiveFault[] = [];
	private ids = 0;

	add(setup: FaultSetup): number {
		const id = ++this.ids;
		this.active.push({ id, setup, left: setup.times ?? Infinity, skip: setup.skip ?? 0 });
		return id;
	}

	clear(id?: number): void {
		if (id === undefined) this.active.length = 0;
		const index = this.active.findIndex((fault) => fault.id === id);
		if (index >= 0) this.active.splice(index, 1);
	}

	take(method: string, target: string): ActiveFault | null {
		for (const fault of this.active) {
			if (fault.left <= 0 || !this.fits(fault.setup, method, target)) continue;
			if (fault.skip > 0) {
				fault.skip--;
				continue;
			}
			fault.left--;
			return fault;
		}
		return null;
	}

	/** Faults that answer in place of the application; true when they did. */
	async before(fault: ActiveFault, response: ServerResponse): Promise<boolean> {
		const { setup } = fault;
		if (setup.kind === 'delay') {
			await wait(setup.delayMs ?? 1000);
			return response.destroyed;
		}
		if (setup.kind === 'reset') {
			response.socket?.destroy();
			return true;
		}
		const fixed = this.fixed(setup);
		if (fixed === null) return false;
		const headers: Record<string, string> = { ...fixed.headers };
		if (setup.retryAfter !== undefined) headers['retry-after'] = String(setup.retryAfter);
		response.writeHead(fixed.status, headers);
		response.end(fixed.body);
		return true;
	}

	/** Faults that spoil what the application said. */
	change(fault: ActiveFault, answer: Answer): Answer {
		const { setup } = fault;
		if (setup.kind === 'wrongApp' && isObject(answer.json)) {
			return { ...answer, json: { ...answer.json, appName: 'Lidarr', version: '2.12.4.4658' } };
		}
		if (setup.kind === 'otherInstance' && isObject(answer.json)) {
			return { ...answer, json: { ...answer.json, appData: '/other', startupPath: '/other/bin' } };
		}
		const records = answer.records ?? recordsOf(answer.json);
		if (records === null) return answer;
		if (setup.kind === 'halfList')
			return withRecords(answer, { ...records, count: Math.floor(records.count / 2) });
		if (setup.kind === 'noRecord') return withRecords(answer, without(records, setup.ids ?? []));
		if (setup.kind === 'badRecord' || setup.kind === 'badId') {
			const at = (index: number) => spoil(records.at(index), index, setup);
			return withRecords(answer, { count: records.count, at });
		}
		return answer;
	}

	breaks(fault: ActiveFault): BodyBreak | null {
		const { kind, afterRecords = 1, delayMs = 50 } = fault.setup;
		if (kind === 'cutBody') return { afterRecords, how: 'cut', delayMs };
		if (kind === 'resetAfterHeaders') return { afterRecords: 0, how: 'reset', delayMs };
		if (kind === 'endless') return { afterRecords, how: 'endless', delayMs };
		return kind === 'slowBody' ? { afterRecords: Infinity, how: 'slow', delayMs } : null;
	}

	private fits(setup: FaultSetup, method: string, target: string): boolean {
		const { match } = setup;
		if (match?.method !== undefined && match.method !== method) return false;
		return match?.path === undefined || new RegExp(match.path, 'i').test(target);
	}

	private fixed(setup: FaultSetup): Fixed | null {
		if (setup.kind === 'redirect') {
			const location = setup.location ?? 'http://elsewhere.invalid/';
			return { status: setup.status ?? 302, headers: { location, 'content-length': '0' } };
		}
		if (setup.kind === '503starting') {
			const body = '{\n  "errorMessage": "The application is starting up, please try again later"\n}';
			return { status: 503, headers: { 'content-type': 'application/json' }, body };
		}
		if (setup.kind === 'answer') {
			const body = setup.body === undefined ? {} : { body: setup.body };
			return { status: setup.status ?? 200, headers: { ...JSON_TYPE, ...setup.headers }, ...body };
		}
		return FIXED[setup.kind] ?? null;
	}
}

type Records = NonNullable<Answer['records']>;

function recordsOf(json: Json): Records | null {
	if (Array.isArray(json)) return { count: json.length, at: (index) => json[index] };
	return null;
}

function withRecords(answer: Answer, records: Records): Answer {
	return { status: answer.status, headers: answer.headers, records };
}

function without(records: Records, ids: number[]): Records {
	const kept: Json[] = [];
	for (let i = 0; i < records.count; i++) {
		const record = records.at(i);
		const id = isObject(record) ? record.id : record;
		if (typeof id !== 'number' || !ids.includes(id)) kept.push(record);
	}
	return { count: kept.length, at: (index) => kept[index] };
}

function spoil(record: Json, index: number, setup: FaultSetup): Json {
	if (!isObject(record)) return record;
	const isMeant = setup.ids === undefined ? index === 0 : setup.ids.includes(Number(record.id));
	if (!isMeant) return record;
	if (setup.kind === 'badId') return { ...record, id: undefined };
	const field = setup.field ?? ('title' in record ? 'title' : firstText(record));
	return { ...record, [field]: { unexpected: ['wrong', 'type'] } };
}

function firstText(record: JsonObject): string {
	return Object.keys(record).find((key) => typeof record[key] === 'string') ?? 'id';
}
