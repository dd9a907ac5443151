/** How a grab and what came of it are known as one download. */

export interface GrabNamed {
	downloadId: string | null;
	title: string;
}

/**
 * By download id. A client that watches a folder has none at the grab, and makes one of the title when the file is
 * there: then the title decides.
 */
export function isSameDownload(
	grab: GrabNamed,
	row: { downloadId: string | null; sourceTitle: string },
): boolean {
	if (grab.downloadId !== null) return row.downloadId?.toLowerCase() === grab.downloadId.toLowerCase();
	return row.sourceTitle === grab.title || row.downloadId?.includes(grab.title) === true;
}
