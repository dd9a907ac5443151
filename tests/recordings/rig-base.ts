// One instance of the fake that the recorded exchanges are played against, with its clock, webhook receiver and ids.
import type { InstanceOptions } from '../fakes/arr/control/contract';
import { isObject, type Json, type JsonObject, type Kind, textOf } from './load';
import { type Delivery, Receiver } from './receiver';
import type { Bed, Instance } from './bed';
import { send } from './wire';

const key = '0123456789abcdef0123456789abcdef';

/** What recorded addresses of receivers stand for. */
function realAddress(text: string, receiver: Receiver): string {
	return text
		.replaceAll('http://receiver.example', `http://127.0.0.1:${receiver.port}`)
		.replace(/http:\/\/(receiver-down|closed)\.example/g, 'http://127.0.0.1:9');
}

export class RigBase {
	/** Results of the last interactive search. */
	offered: JsonObject[] = [];
	private current: Instance | null = null;
	protected since: string | null = null;
	protected readonly receiver = new Receiver();
	private readonly ids = new Map<string, number>();
	private readonly texts = new Map<string, string>();

	protected constructor(
		protected readonly kind: Kind,
		protected readonly bed: Bed,
		private readonly firstOptions: Partial<InstanceOptions>,
	) {}

	protected async start(): Promise<void> {
		await this.receiver.start();
		await this.freshInstance();
	}

	protected get instance(): Instance {
		if (!this.current) throw new Error('There is no instance yet');
		return this.current;
	}

	get port(): number {
		return this.instance.port;
	}

	get isSeries(): boolean {
		return this.kind !== 'radarr6' && this.kind !== 'whisparr3';
	}

	/** From here on another instance, as at the beginning of the file. */
	async freshInstance(options: Partial<InstanceOptions> = {}): Promise<void> {
		await this.current?.remove();
		this.ids.clear();
		this.receiver.deliveries.length = 0;
		this.current = await this.bed.open({
			kind: this.kind,
			apiKey: key,
			auth: 'forms',
			runtime: 'net10',
			database: 'postgreSQL',
			library: { preset: 'recorded' },
			indexers: [],
			downloadClients: [],
			searchDefault: 'nothing',
			...this.firstOptions,
			...options,
		});
	}

	async close(): Promise<void> {
		await this.instance.remove();
		this.receiver.stop();
	}

	// requests of the harness's own

	async ask(method: string, target: string, body?: Json, agent?: string): Promise<Json> {
		const headers: Record<string, string> = { 'X-Api-Key': key };
		if (body !== undefined) headers['Content-Type'] = 'application/json';
		if (agent !== undefined) headers['UserAgent'] = agent;
		const text = body === undefined ? undefined : JSON.stringify(body);
		const request = { method, target, headers };
		const answer = await send(this.port, text === undefined ? request : { ...request, body: text });
		if (answer.status >= 400)
			throw new Error(`${method} ${target}: ${answer.status} ${answer.text.slice(0, 200)}`);
		return answer.text === '' ? null : (JSON.parse(answer.text) as Json);
	}

	async get(target: string): Promise<Json> {
		const body = await this.ask('GET', target);
		if (target.includes('/release') && Array.isArray(body)) this.offered = body.filter(isObject);
		return body;
	}

	/** Deletes what a recorded path stands for. */
	del(recorded: string): Promise<Json> {
		return this.ask('DELETE', this.target(recorded));
	}

	async records(target: string): Promise<JsonObject[]> {
		const body = await this.get(target);
		const list = isObject(body) ? (body['records'] ?? []) : body;
		return Array.isArray(list) ? list.filter(isObject) : [];
	}

	/** Sends a command and lets time pass. */
	async command(body: JsonObject, agent?: string, seconds = 30): Promise<number> {
		const answer = await this.ask('POST', '/api/v3/command', body, agent);
		if (seconds > 0) await this.wait(seconds);
		return isObject(answer) ? Number(answer['id']) : 0;
	}

	/** Sends a command that a later recorded exchange asks for by its recorded id. */
	async recorded(id: number, body: JsonObject, agent?: string, seconds = 30): Promise<void> {
		this.learn('command', id, await this.command(body, agent, seconds));
	}

	// time

	wait(seconds: number): Promise<unknown> {
		return this.bed.advance(seconds * 1000);
	}

	/** Rows of `/history/since` are asked for from here on. */
	async mark(): Promise<void> {
		this.since = new Date(await this.bed.now()).toISOString().replace(/\.\d+Z$/, 'Z');
	}

	async until(holds: () => Promise<boolean>, what: string, step = 0.25, most = 300): Promise<void> {
		for (let waited = 0; waited <= most; waited += step) {
			if (await holds()) return;
			await this.wait(step);
		}
		throw new Error(`It did not happen within ${most} s: ${what}`);
	}

	async untilEnded(id: number): Promise<void> {
		const state = async () => {
			const body = await this.get(`/api/v3/command/${id}`);
			return isObject(body) ? textOf(body['status']) : '';
		};
		await this.until(
			async () => !['queued', 'started'].includes(await state()),
			`end of command ${id}`,
			2,
			120,
		);
	}

	async untilMessage(recordedId: number, pattern: RegExp): Promise<void> {
		const id = this.idOf('command', recordedId);
		await this.until(
			async () => {
				const body = await this.get(`/api/v3/command/${id}`);
				return isObject(body) && pattern.test(textOf(body['message']));
			},
			`message ${pattern}`,
			0.02,
			5,
		);
	}

	// ids

	learn(resource: string, recorded: number, id: number): void {
		this.ids.set(`${resource} ${recorded}`, id);
	}

	made(resource: string, name: string, id: number): void {
		this.instance.know(resource, name, id);
	}

	knows(resource: string, recorded: number): boolean {
		return this.ids.has(`${resource} ${recorded}`);
	}

	idOf(resource: string, recorded: number): number {
		return this.ids.get(`${resource} ${recorded}`) ?? recorded;
	}

	learnText(recorded: string, text: string): void {
		this.texts.set(recorded, text);
	}

	withKey(text: string): string {
		return text.replaceAll('<key>', key);
	}

	withoutKey(text: string): string {
		return text.replaceAll(key, '<key>');
	}

	/** A recorded path and query, with the fake's ids and dates. */
	target(recorded: string): string {
		let target = this.withKey(recorded).replace(
			/^(.*\/api\/v\d\/)(command|queue|queue\/grab|moviefile|episodefile|notification|history\/failed)\/(\d+)/,
			(_, head: string, resource: string, id: string) =>
				`${head}${resource}/${this.idOf(resourceName(resource), Number(id))}`,
		);
		if (this.since !== null) {
			target = target.replace(/date=\d{4}-\d\d-\d\dT(?!00:00:00Z)[\d:.]+Z/, `date=${this.since}`);
		}
		for (const [was, is] of this.texts) {
			target = target.replace(was, is).replace(was.toLowerCase(), is.toLowerCase());
		}
		return target;
	}

	/** A recorded body, with the fake's ids and addresses. */
	async body(url: string, recorded: Json): Promise<Json> {
		const body = JSON.parse(realAddress(this.withKey(JSON.stringify(recorded)), this.receiver)) as Json;
		if (!isObject(body)) return body;
		if (url.endsWith('/release') && body['guid'] !== 'nonsense') {
			const found = this.offered.find((one) => one['rejected'] !== true) ?? this.offered[0];
			if (found) return { ...body, guid: found['guid'] ?? null, indexerId: found['indexerId'] ?? null };
		}
		if (url.includes('/notification') && typeof body['id'] === 'number') {
			return { ...body, id: this.idOf('notification', body['id']) };
		}
		return body;
	}

	/** The delivery that stands for a recorded one; receivers get theirs as time passes. */
	async delivered(wanted: JsonObject): Promise<Delivery | undefined> {
		for (let tries = 0; tries < 5; tries++) {
			const found = this.receiver.take(wanted);
			if (found) return found;
			await this.wait(1);
		}
		return undefined;
	}

	protected address(path: string): string {
		return `http://127.0.0.1:${this.receiver.port}${path}`;
	}
}

function resourceName(path: string): string {
	return path.startsWith('queue') ? 'queue' : path.startsWith('history') ? 'history' : path;
}
