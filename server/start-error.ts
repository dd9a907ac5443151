// The one kind of error a start may end with: a sentence for the person who starts the product.

/** A reason not to start, in one sentence that says what to change. */
export class StartError extends Error {
	override readonly name: string = 'StartError';
}

/** The only reason that passes without a change of anything. */
export class DiskFull extends StartError {
	override readonly name = 'DiskFull';
}

/** True for "no space left" in any of its forms. */
export function isDiskFull(error: unknown): boolean {
	if (errorCode(error) === 'ENOSPC' || errorCode(error) === 'EDQUOT') return true;
	return /no space left on device|disk quota exceeded/i.test(String(error));
}

/** The system's error code (`ENOENT`, …), if the error has one. */
export function errorCode(error: unknown): string | undefined {
	if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
	return typeof error.code === 'string' ? error.code : undefined;
}

/** Turns a failure to write below `dir` into a sentence; other errors come back unchanged. */
export function explainWriteFailure(error: unknown, dir: string): unknown {
	if (error instanceof StartError) return error;
	if (isDiskFull(error)) {
		return new DiskFull(`The disk that holds the data directory ${dir} is full; make room and start again.`);
	}
	const code = errorCode(error);
	if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
		return new StartError(
			`The data directory ${dir} cannot be written; give this user write access to it, or set DATA_DIR to another place.`,
		);
	}
	if (code === 'ENOTDIR' || code === 'EEXIST') {
		return new StartError(`The data directory ${dir} is not a directory; set DATA_DIR to another place.`);
	}
	return error;
}
