/**
 * Learns what an application is, by asking it: its kind is checked by name, its shape and capabilities follow from the
 * version, or from a probe where the version says nothing (arr §4.1).
 */
import type { ConnectorKind, Shape } from '$lib/domain/words';
import type { Answer } from './answers';
import type { HttpCore } from './http';
import { parseJson } from './http';
import { checkKind, instanceOf, readStatus, shapeOf } from './status';
import type { Status } from './status';
import type { Capabilities, Instance } from './types';
import { parseVersion } from './version';

/** What an application said of itself. */
export interface Heard {
	application: string | null;
	version: string | null;
}

const STATUS = 'api/v3/system/status';

export class Learner {
	private probed: { version: string; shape: Shape; newest: boolean } | null = null;

	constructor(
		private readonly kind: ConnectorKind,
		private readonly http: HttpCore,
		/** The wall clock, for an answer without a date. Milliseconds. */
		private readonly now: () => number,
		private shape: Shape | null,
		private known: Capabilities | null,
	) {}

	/** Asks for the status; `heard` is told name and version even if they are refused. Throws `wrong_application`, `unsupported`. */
	async status(signal?: AbortSignal, heard?: Heard): Promise<Instance> {
		const answer = await this.http.ask(STATUS, { signal });
		const status = readStatus('/system/status', parseJson(answer.text, STATUS));
		if (heard !== undefined) Object.assign(heard, { application: status.appName, version: status.version });
		checkKind(this.kind, status);
		const { shape, newest } = await this.probe(status, signal);
		const instance = instanceOf(this.kind, shape, status, dateOf(answer, this.now()), newest);
		this.shape = shape;
		this.known = instance.capabilities;
		return instance;
	}

	async shapeOnce(signal?: AbortSignal): Promise<Shape> {
		return this.shape ?? (await this.status(signal)).shape;
	}

	async capabilities(signal?: AbortSignal): Promise<Capabilities> {
		return this.known ?? (await this.status(signal)).capabilities;
	}

	/** What the version does not tell, asked once per version. */
	private async probe({ version }: Status, signal?: AbortSignal): Promise<{ shape: Shape; newest: boolean }> {
		if (this.probed?.version === version) return this.probed;
		const shape = shapeOf(this.kind, version) ?? (await this.probeShape(signal));
		const newest = this.kind === 'sonarr' && (await this.isNewestSonarr(version, signal));
		this.probed = { version, shape, newest };
		return this.probed;
	}

	/** Only an application with movies knows their history; the other answers 404 (arr §3.5, §10.1). */
	private async probeShape(signal?: AbortSignal): Promise<Shape> {
		const accept = (answer: Answer): boolean =>
			answer.status === 404 && answer.headers.has('x-application-version');
		const answer = await this.http.ask('api/v3/history/movie?movieId=0', { signal, accept });
		return answer.status === 404 ? 'series' : 'movies';
	}

	/** Sonarr 5 says so by version, or, built from source, by the API it calls current (arr §16). */
	private async isNewestSonarr(version: string, signal?: AbortSignal): Promise<boolean> {
		const [major = 0] = parseVersion(version);
		if (major < 10) return major >= 5;
		const api = await this.http.json('api', { signal });
		return typeof api === 'object' && api !== null && 'current' in api && api.current === 'v5';
	}
}

/** The application's clock by the answer's `Date`; without one, ours. Whole seconds. */
function dateOf(answer: Answer, now: number): Date {
	const date = Date.parse(answer.headers.get('date') ?? '');
	return new Date(Number.isNaN(date) ? Math.floor(now / 1000) * 1000 : date);
}
