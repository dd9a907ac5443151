/** Folders of library items. */
import { text, textOrNull } from './fields';
import type { Raw } from './fields';

/** The root folder; where it is not written, the folder above the item's own. */
export function rootFolder(raw: Raw): string {
	const known = textOrNull(raw, 'rootFolderPath');
	if (known !== null && known !== '') return known.length > 1 ? known.replace(/[/\\]$/, '') : known;
	return text(raw, 'path').replace(/[/\\][^/\\]*[/\\]?$/, '');
}
