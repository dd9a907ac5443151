/** A port that nobody listens at. */
import { createServer } from 'node:net';

export function freePort(): Promise<number> {
	return new Promise((done, failed) => {
		const server = createServer();
		server.once('error', failed);
		server.listen(0, '127.0.0.1', () => {
			const address = server.address();
			const port = typeof address === 'object' && address !== null ? address.port : 0;
			server.close(() => done(port));
		});
	});
}
