/** An error whose text is meant for the user: REST and pages show code and message, and nothing of any other error. */

export type AppErrorStatus = 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 503;

export class AppError extends Error {
	override readonly name = 'AppError';
	readonly code: string;
	readonly status: AppErrorStatus;
	readonly details: Record<string, unknown> | null;

	constructor(
		code: string,
		status: AppErrorStatus,
		message: string,
		details: Record<string, unknown> | null = null,
	) {
		super(message);
		this.code = code;
		this.status = status;
		this.details = details;
	}
}

export const notFound = (what: string): AppError =>
	new AppError('not_found', 404, `There is no such ${what}.`);
