/**
 * Makes the client for a configured connector. A new application is one folder and one line here.
 */
import type { ConnectorKind, Shape } from '$lib/domain/words';
import type { BaseClient, ClientContext } from './common/base-client';
import { HttpCore } from './common/http';
import type { HttpOptions } from './common/http';
import { LazyClient } from './common/lazy-client';
import { Learner } from './common/learning';
import type { ArrClient, Capabilities } from './common/types';
import { RadarrClient } from './radarr';
import { SonarrClient } from './sonarr';
import { whisparrClient } from './whisparr';

export interface ArrClientOptions extends HttpOptions {
	kind: ConnectorKind;
	/** From an earlier `status()`; asked for when first needed if absent. */
	shape?: Shape | undefined;
	capabilities?: Capabilities | undefined;
}

const makers: Readonly<Record<ConnectorKind, (shape: Shape, context: ClientContext) => BaseClient>> = {
	sonarr: (_, context) => new SonarrClient(context),
	radarr: (_, context) => new RadarrClient(context),
	whisparr: whisparrClient,
};

/** One client per connector: it keeps the limit of requests in flight. Throws `address_invalid`. */
export function createArrClient(options: ArrClientOptions): ArrClient {
	const { kind, clock } = options;
	const http = new HttpCore(options);
	const learner = new Learner(
		kind,
		http,
		() => clock.now(),
		options.shape ?? null,
		options.capabilities ?? null,
	);
	const context: ClientContext = {
		kind,
		http,
		status: (signal) => learner.status(signal),
		capabilities: (signal) => learner.capabilities(signal),
	};
	const make = (shape: Shape): BaseClient => makers[kind](shape, context);
	// only Whisparr's shape has to be asked for
	if (kind === 'sonarr') return make('series');
	if (kind === 'radarr') return make('movies');
	return new LazyClient(context, async (signal) => learner.shapeOnce(signal), make);
}
