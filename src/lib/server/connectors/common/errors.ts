/**
 * The one error that connectors throw. It says what to do about it (`decision`), what happened (`code`), and in plain
 * words what the user should know and try. It never holds a key, a body or a stack trace of the application.
 */
import { CAUSES } from './causes';
import type { ArrErrorCode, Decision, Sent } from './causes';

export type { ArrErrorCode, Decision, Sent } from './causes';

export interface ArrErrorDetails {
	/** Replaces the general sentence for the code. */
	message?: string | undefined;
	/** Replaces the general hint for the code. */
	hint?: string | undefined;
	decision?: Decision | undefined;
	/** HTTP status of the answer. */
	status?: number | undefined;
	/** Path that was asked, without query and base. */
	endpoint?: string | undefined;
	/** The field that was not as it should be. */
	field?: string | undefined;
	/** How long the application or a proxy asked us to wait. Milliseconds. */
	retryAfterMs?: number | undefined;
	sent?: Sent | undefined;
	/** The address that would be right, where it is known (`wrong_base`, `redirected`). */
	suggestedUrl?: string | undefined;
	cause?: unknown;
}

export class ArrError extends Error {
	override readonly name = 'ArrError';
	readonly code: ArrErrorCode;
	readonly decision: Decision;
	/** What the user can try. */
	readonly hint: string;
	readonly sent: Sent;
	readonly status: number | undefined;
	readonly endpoint: string | undefined;
	readonly field: string | undefined;
	readonly retryAfterMs: number | undefined;
	readonly suggestedUrl: string | undefined;

	constructor(code: ArrErrorCode, details: ArrErrorDetails = {}) {
		const known = CAUSES[code];
		super(
			details.message ?? known.message,
			details.cause === undefined ? undefined : { cause: details.cause },
		);
		this.code = code;
		this.decision = details.decision ?? known.decision;
		this.hint = details.hint ?? known.hint;
		this.sent = details.sent ?? known.sent;
		this.status = details.status;
		this.endpoint = details.endpoint;
		this.field = details.field;
		this.retryAfterMs = details.retryAfterMs;
		this.suggestedUrl = details.suggestedUrl;
	}
}

export function isArrError(error: unknown): error is ArrError {
	return error instanceof ArrError;
}
