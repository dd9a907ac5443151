/** Sonarr 3 to 5 by `/api/v3`. */
import type { Raw } from '../common/fields';
import { SeriesClient } from '../common/series-client';
import type { EpisodeRecord, SearchCommand, SeriesRecord } from '../common/types';
import { sonarrSearch } from './commands';
import { readSonarrEpisode, readSonarrSeries } from './mapper';

export class SonarrClient extends SeriesClient {
	protected override series(raw: Raw): SeriesRecord {
		return readSonarrSeries(raw);
	}

	protected override episode(raw: Raw): EpisodeRecord {
		return readSonarrEpisode(raw);
	}

	protected override searchBody(command: SearchCommand): Record<string, unknown> {
		return sonarrSearch(command);
	}
}
