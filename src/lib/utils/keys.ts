/** Keys of the pages. */

/** A key that somebody types, or that belongs to the browser, leads nowhere; nor does one behind an open question. */
export function isTyping(event: KeyboardEvent): boolean {
	if (event.ctrlKey || event.metaKey || event.altKey) return true;
	const { target } = event;
	if (!(target instanceof HTMLElement)) return false;
	const field = 'input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]';
	return target.closest(field) !== null || document.querySelector('dialog[open]') !== null;
}
