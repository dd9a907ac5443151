/** What every form action does around its one act: an error meant for the user becomes its answer. */
import { fail, type ActionFailure } from '@sveltejs/kit';
import { AppError } from '$lib/server/app-error';

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

/** A text field of a form, trimmed; empty when absent. */
export function field(form: FormData, name: string): string {
	const value = form.get(name);
	return typeof value === 'string' ? value.trim() : '';
}
