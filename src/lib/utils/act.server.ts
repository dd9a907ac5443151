/** What every form action does around its one act, and a page around a reading that the address can spoil: an error meant for the user becomes its answer. */
import { error, fail, type ActionFailure } from '@sveltejs/kit';
import { AppError } from '$lib/server/app-error';
import { storable } from '$lib/server/storable';

export interface Problem {
	problem: string;
	code: string;
}

/** Runs an act; `AppError` becomes a readable failure, everything else is an error of ours. */
export async function act<T extends object>(run: () => Promise<T>): Promise<T | ActionFailure<Problem>> {
	try {
		return await run();
	} catch (error) {
		if (error instanceof AppError) return fail(error.status, { problem: error.message, code: error.code });
		throw error;
	}
}

/** Reads for a page; `AppError`, such as a cursor of another list, becomes the error page with its words. */
export async function read<T>(run: () => Promise<T>): Promise<T> {
	try {
		return await run();
	} catch (thrown) {
		if (thrown instanceof AppError) error(thrown.status, thrown.message);
		throw thrown;
	}
}

/** A text field of a form, trimmed and fit to be stored; empty when absent. */
export function field(form: FormData, name: string): string {
	const value = form.get(name);
	return typeof value === 'string' ? storable(value).trim() : '';
}
