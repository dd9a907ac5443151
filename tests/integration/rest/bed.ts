// What the REST tests share: the product, a fake process beside it, and a client that checks every answer.
import { afterAll, beforeAll } from 'vitest';
import { startFakes, type FakeInstance, type Fakes, type InstanceOptions } from '../../fakes/arr/control';
import { startApp, type TestApp, type TestAppOptions } from '../../setup/app';
import { restClient, type RestClient } from './client';

export interface RestBed {
	app: TestApp;
	fakes: Fakes;
	rest: RestClient;
}

/** A connector as REST shows it; only what tests read. */
export interface ConnectorBody extends Record<string, unknown> {
	id: number;
	name: string;
	mode: string;
	enabled: boolean;
	settings: {
		throttle: string;
		graceHours: number;
		kinds: Record<string, { enabled: boolean; share: number }>;
	};
}

export interface JobBody extends Record<string, unknown> {
	status: 'queued' | 'running' | 'done' | 'failed';
	progress: { done: number; total: number };
	result: Record<string, unknown> | null;
	error: { code: string; message: string } | null;
}

export interface Page<T> extends Record<string, unknown> {
	items: T[];
	nextCursor: string | null;
}

export interface ErrorBody extends Record<string, unknown> {
	error: { code: string; message: string; details?: Record<string, unknown> };
	requestId: string;
}

let running: RestBed | undefined;

/**
 * Starts product and fakes before the tests of a file. Time runs `rate` times as fast in both: a search that takes an
 * arr a minute takes a test a second.
 */
export function useBed(options: TestAppOptions & { rate?: number } = {}): void {
	const { rate = 1, ...rest } = options;
	beforeAll(async () => {
		const start = Date.UTC(2026, 10, 20, 12, 0, 0);
		const speed =
			rate === 1 ? {} : { COMRADARR_CLOCK_RATE: String(rate), COMRADARR_CLOCK_START: String(start) };
		const [fakes, app] = await Promise.all([
			startFakes({ start: rate === 1 ? Date.now() : start }),
			startApp({ ...rest, env: { ...speed, ...rest.env } }),
		]);
		await fakes.clock.rate(rate);
		const client = await restClient(app.url, app.apiKey).catch(async (error: unknown) => {
			await Promise.all([app.stop(), fakes.stop()]);
			throw new Error(`The product wrote:\n${app.log().slice(-4_000)}`, { cause: error });
		});
		running = { app, fakes, rest: client };
	});
	afterAll(async () => {
		await running?.app.stop();
		await running?.fakes.stop();
		running = undefined;
	});
}

export function bed(): RestBed {
	if (running === undefined) throw new Error('The product has not been started.');
	return running;
}

export const rest = (): RestClient => bed().rest;
export const createFake = (options: InstanceOptions): Promise<FakeInstance> => bed().fakes.create(options);

/** What a user sends to add the instance. */
export const connectorOf = (fake: FakeInstance, more: Record<string, unknown> = {}) => ({
	kind: fake.kind.replace(/\d.*$/, ''),
	name: `${fake.kind} ${fake.id}`,
	url: fake.url,
	apiKey: fake.apiKey,
	...more,
});

/** Adds the instance and waits for a whole first reading of its library. */
export async function addAndSync(
	fake: FakeInstance,
	more: Record<string, unknown> = {},
): Promise<ConnectorBody> {
	const added = await rest().post<ConnectorBody>('/connectors', connectorOf(fake, more));
	if (added.status !== 201) throw new Error(`Not added: ${JSON.stringify(added.body)}`);
	const job = await rest().post<{ jobId: string }>(`/connectors/${String(added.body.id)}/sync`, {
		mode: 'full',
	});
	await jobDone(job.body.jobId);
	return added.body;
}

/** The job when it is over; fails if it failed. */
export async function jobDone(jobId: string): Promise<JobBody> {
	const job = await until(
		() => rest().get<JobBody>(`/jobs/${jobId}`),
		({ body }) => body.status === 'done' || body.status === 'failed',
	);
	if (job.body.status === 'failed') throw new Error(`The job failed: ${JSON.stringify(job.body.error)}`);
	return job.body;
}

/** Asks again until it is so; at most 20 seconds. */
export async function until<T>(
	ask: () => Promise<T>,
	isSo: (answer: T) => boolean,
	withinMs = 20_000,
): Promise<T> {
	const deadline = performance.now() + withinMs;
	for (;;) {
		const answer = await ask();
		if (isSo(answer)) return answer;
		if (performance.now() > deadline)
			throw new Error(`It did not come to that: ${JSON.stringify(answer).slice(0, 500)}`);
		await Bun.sleep(60);
	}
}

/** The code of a refusal; fails on anything else. */
export function refused(answer: { status: number; body: unknown }, status: number): string {
	const { error } = answer.body as ErrorBody;
	if (answer.status !== status)
		throw new Error(`${String(answer.status)} instead of ${String(status)}: ${JSON.stringify(answer.body)}`);
	return error.code;
}
