/** For tests only: one server for each test, the HTTP core that asks it, and the error of what fails. */
import { afterEach } from 'vitest';
import type { Socket } from 'node:net';
import { ArrError } from './errors';
import { HttpCore } from './http';
import type { HttpOptions } from './http';
import { httpAnswer, optionsFor, rawServer } from './testing';
import type { RawServer } from './testing';

let server: RawServer | undefined;
afterEach(async () => {
	await server?.close();
	server = undefined;
});

export type Act = (socket: Socket, request: string, nth: number) => void;

export const say =
	(status: number, body: unknown, headers: Record<string, string> = {}): Act =>
	(socket) =>
		void socket.write(httpAnswer(status, body, headers));

/** Runs until the test ends; a test has one. */
export async function serve(
	act: Act,
	more: Partial<HttpOptions> = {},
	base = '',
): Promise<{ http: HttpCore; served: RawServer }> {
	server = await rawServer(act);
	return { http: new HttpCore(optionsFor(`${server.url}${base}`, more)), served: server };
}

/** What `work` throws, which must be an `ArrError`. */
export async function failure(work: Promise<unknown>): Promise<ArrError> {
	try {
		await work;
	} catch (error) {
		if (error instanceof ArrError) return error;
		throw error;
	}
	throw new Error('nothing thrown');
}
