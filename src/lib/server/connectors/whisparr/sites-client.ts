/** Whisparr 2: sites as series, scenes as episodes (arr §4.5). */
import { ArrError } from '../common/errors';
import type { Raw } from '../common/fields';
import { readQueueRows } from '../common/queue';
import { SeriesClient } from '../common/series-client';
import type { EpisodeRecord, QueueRecord, SearchCommand, SeriesRecord } from '../common/types';
import { siteSearch } from './commands';
import { readSite, readSiteScene } from './mapper';

export class WhisparrSitesClient extends SeriesClient {
	protected override series(raw: Raw): SeriesRecord {
		return readSite(raw);
	}

	protected override episode(raw: Raw): EpisodeRecord {
		return readSiteScene(raw);
	}

	protected override searchBody(command: SearchCommand): Record<string, unknown> {
		return siteSearch(command);
	}

	/** Some builds fail on the paged queue; the other list holds the same rows (arr §0). */
	override async queue(signal?: AbortSignal): Promise<QueueRecord[]> {
		try {
			return await super.queue(signal);
		} catch (error) {
			if (!(error instanceof ArrError) || error.code !== 'server_error' || error.status !== 500) throw error;
			const path = 'api/v3/queue/details?includeUnknownSeriesItems=true';
			return readQueueRows('/queue/details', await this.http.json(path, { signal }));
		}
	}
}
