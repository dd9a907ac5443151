/** One name, two applications: Whisparr 2 has series, Whisparr 3 has movies (arr §0). */
import type { Shape } from '$lib/domain/words';
import type { BaseClient, ClientContext } from '../common/base-client';
import { WhisparrItemsClient } from './items-client';
import { WhisparrSitesClient } from './sites-client';

/** The client for the shape that was probed. */
export function whisparrClient(shape: Shape, context: ClientContext): BaseClient {
	return shape === 'series' ? new WhisparrSitesClient(context) : new WhisparrItemsClient(context);
}
