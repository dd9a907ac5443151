/** Addresses of pages in the application: only http(s), made from the connector's own address. */
import type { ConnectorKind } from '$lib/domain/words';

export const arrSeriesUrl = (connectorUrl: string, slug: string): string | null =>
	pageAt(connectorUrl, `series/${encodeURIComponent(slug)}`);

interface MoviePage {
	kind: ConnectorKind;
	url: string;
	tmdbId: number | null;
	slug: string;
}

/** Radarr names its pages by number where there is one; Whisparr 3 by the foreign id, which is its slug. */
export function arrMovieUrl({ kind, url, tmdbId, slug }: MoviePage): string | null {
	const name = kind === 'whisparr' || tmdbId === null ? slug : String(tmdbId);
	return pageAt(url, `movie/${encodeURIComponent(name)}`);
}

function pageAt(connectorUrl: string, path: string): string | null {
	if (!/^https?:\/\//i.test(connectorUrl)) return null;
	return `${connectorUrl.replace(/\/+$/, '')}/${path}`;
}
