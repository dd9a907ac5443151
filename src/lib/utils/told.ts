/** Tells what an act did: its notice as a toast, with the undo it offers. */
import { toasts, type Toast } from '$lib/stores/toasts.svelte';

/** What an act answers; pages without script show the same words in the page. */
export interface ActAnswer {
	notice?: string;
	problem?: string;
	undo?: NonNullable<Toast['undo']>;
}

/** As `use:enhance` gives it. */
interface Result {
	type: string;
	data?: Record<string, unknown> | undefined;
}

export function told(result: Result): void {
	if (result.type !== 'success') return;
	const notice = result.data?.['notice'];
	if (typeof notice !== 'string') return;
	const undo = result.data?.['undo'] as Toast['undo'];
	toasts.show({ message: notice, ...(undo === undefined ? {} : { undo }) });
}
