// Texts of health checks. `source` and `type` are constant; the message follows the language of the interface.
import type { JsonObject } from '../json.ts';
import type { App } from '../app.ts';

export interface HealthEntry {
	source: string;
	type: 'notice' | 'warning' | 'error';
	message: string;
	fragment: string;
}

const GERMAN: Record<string, string> = {
	IndexerRssCheck: 'Keine Indexer mit RSS-Synchronisation verfügbar',
	IndexerSearchCheck: 'Keine Indexer für die Suche verfügbar',
	IndexerStatusCheck: 'Indexer sind wegen Fehlern nicht verfügbar',
	IndexerLongTermStatusCheck: 'Indexer sind seit mehr als 6 Stunden nicht verfügbar',
	DownloadClientCheck: 'Mit dem Download-Client kann nicht kommuniziert werden',
	DownloadClientStatusCheck: 'Download-Clients sind wegen Fehlern nicht verfügbar',
	NotificationStatusCheck: 'Benachrichtigungen sind wegen Fehlern nicht verfügbar',
	RemovedMovieCheck: 'Ein Film wurde bei TMDb entfernt',
};

export const FAILURES = 'indexers-are-unavailable-due-to-failures';

export function healthResource(app: App, entry: HealthEntry): JsonObject {
	const name = app.traits.appName.toLowerCase();
	// the wiki's headings of Whisparr 2 still name Sonarr
	const fragment =
		app.traits.family === 'whisparr2'
			? entry.fragment.replace('whisparr-will', 'sonarr-will')
			: entry.fragment;
	const translated = app.options.language === 'de' ? GERMAN[entry.source] : undefined;
	return {
		source: entry.source,
		type: entry.type,
		message: translated ?? entry.message,
		wikiUrl: `https://wiki.servarr.com/${name}/system#${fragment}`,
	};
}
