/** Errors as REST tells them: `{ error: { code, message, details? }, requestId }`. Unknown ones tell nothing. */
import { json, type RequestEvent } from '@sveltejs/kit';
import { AppError } from '../app-error';
import { isArrError } from '../connectors/common/errors';
import { SecretUnreadable } from '../crypto';
import { databaseTrouble } from '../database-trouble';

export function problemResponse(error: unknown, event: RequestEvent): Response {
	const { requestId } = event.locals;
	const trouble = databaseTrouble(error);
	if (trouble !== undefined)
		event.locals.log.warn('The database failed a request.', { route: event.route.id, error });
	const known = trouble === undefined ? asAppError(error) : new AppError(trouble.code, 503, trouble.message);
	if (known === null) {
		event.locals.log.error('An API request failed.', { route: event.route.id, error });
		return json(
			{
				error: { code: 'internal', message: 'Something went wrong on our side; the log has the details.' },
				requestId,
			},
			{ status: 500 },
		);
	}
	const retryAfter = known.details?.retryAfterSeconds;
	return json(
		{
			error: {
				code: known.code,
				message: known.message,
				...(known.details === null ? {} : { details: known.details }),
			},
			requestId,
		},
		{
			status: known.status,
			headers: typeof retryAfter === 'number' ? { 'retry-after': String(retryAfter) } : {},
		},
	);
}

function asAppError(error: unknown): AppError | null {
	if (error instanceof AppError) return error;
	if (error instanceof SecretUnreadable)
		return new AppError('locked', 409, 'The stored key cannot be read: enter it again.');
	if (isArrError(error)) return new AppError(error.code, 503, error.message, { hint: error.hint });
	return null;
}

/** A method that the address does not know, told in our form; `allow` names those that it does. */
export function methodNotAllowed(event: RequestEvent, allow: string | null): Response {
	const { method } = event.request;
	const known = allow === null ? '' : ` Use ${allow.replaceAll(', ', ' or ')}.`;
	const error = new AppError('method_not_allowed', 405, `${method} is not possible here.${known}`);
	const response = problemResponse(error, event);
	if (allow !== null) response.headers.set('allow', allow);
	return response;
}

/** The answer where no operation is. */
export const notFoundHere = (event: RequestEvent): Response =>
	problemResponse(new AppError('not_found', 404, 'There is nothing at this address.'), event);
