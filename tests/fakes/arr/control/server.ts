// The HTTP door of the control server: one route, `POST /rpc`.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '../json.ts';
import type { RpcRequest } from './contract.ts';
import { Service } from './service.ts';

export async function startControl(port: number, start: number | undefined): Promise<string> {
	const service = new Service(start);
	const server = createServer((request, response) => void handle(service, request, response));
	server.keepAliveTimeout = 60_000;
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, '127.0.0.1', resolve);
	});
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function handle(service: Service, request: IncomingMessage, response: ServerResponse): Promise<void> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	let body: JsonObject;
	try {
		const call = JSON.parse(Buffer.concat(chunks).toString('utf8')) as RpcRequest;
		body = { result: await service.call(call.method, call.instance, call.params) };
	} catch (error) {
		body = { error: error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error) };
	}
	response.writeHead(200, { 'content-type': 'application/json' });
	response.end(JSON.stringify(body));
}
