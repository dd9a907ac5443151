/** Addresses of pages in the application: only http(s), made from the connector's own address. */

export const arrSeriesUrl = (connectorUrl: string, slug: string): string | null =>
	pageAt(connectorUrl, `series/${encodeURIComponent(slug)}`);

/** Radarr names its pages by number where there is one. */
export const arrMovieUrl = (connectorUrl: string, tmdbId: number | null, slug: string): string | null =>
	pageAt(connectorUrl, `movie/${encodeURIComponent(tmdbId === null ? slug : String(tmdbId))}`);

function pageAt(connectorUrl: string, path: string): string | null {
	if (!/^https?:\/\//i.test(connectorUrl)) return null;
	return `${connectorUrl.replace(/\/+$/, '')}/${path}`;
}
