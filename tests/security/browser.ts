// A browser as far as access is concerned: it keeps cookies, sends forms with its origin, and follows nothing by itself.
import type { TestApp } from '../setup/app';

export interface FormOptions {
	/** `null` sends none. */
	origin?: string | null;
	headers?: Record<string, string>;
}

export class Browser {
	readonly cookies = new Map<string, string>();

	constructor(private readonly app: Pick<TestApp, 'url' | 'adminUser' | 'adminPass'>) {}

	get(path: string, headers: Record<string, string> = {}): Promise<Response> {
		return this.send(path, { headers });
	}

	/** A form without script, as the page would send it. */
	form(path: string, fields: Record<string, string>, options: FormOptions = {}): Promise<Response> {
		const origin = options.origin === undefined ? this.app.url : options.origin;
		return this.send(path, {
			method: 'POST',
			body: new URLSearchParams(fields).toString(),
			headers: {
				'content-type': 'application/x-www-form-urlencoded',
				...(origin === null ? {} : { origin }),
				...options.headers,
			},
		});
	}

	/** Logs in; the answer's cookie is kept. */
	async login(
		fields: { username?: string; password?: string } = {},
		options: FormOptions = {},
	): Promise<Response> {
		const { adminUser: username, adminPass: password } = this.app;
		return this.form('/login', { username, password, ...fields }, options);
	}

	/** The session's token, or nothing. */
	get session(): string | undefined {
		return this.cookies.get('comradarr_session');
	}

	async send(path: string, init: RequestInit): Promise<Response> {
		const headers = new Headers(init.headers);
		// without it SvelteKit answers a form as it would answer its own script
		if (!headers.has('accept')) headers.set('accept', 'text/html');
		const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
		if (cookie !== '' && !headers.has('cookie')) headers.set('cookie', cookie);
		const response = await fetch(`${this.app.url}${path}`, { redirect: 'manual', ...init, headers });
		for (const line of response.headers.getSetCookie()) this.keep(line);
		return response;
	}

	private keep(line: string): void {
		const [pair = '', ...attributes] = line.split(';');
		const [name = '', value = ''] = pair.split('=', 2);
		const over = attributes.some((one) => /max-age=0|expires=thu, 01 jan 1970/i.test(one.trim()));
		if (over || value === '') this.cookies.delete(name.trim());
		else this.cookies.set(name.trim(), value);
	}
}

/** True for an answer that shows nothing and changes nothing: refused, sent to the login, or nothing there. */
export async function isRefusal(response: Response): Promise<boolean> {
	if ([400, 401, 403, 404, 405].includes(response.status)) return true;
	const location = response.headers.get('location') ?? '';
	if ([303, 308].includes(response.status)) return response.status === 308 || /^\/login(\?|$)/.test(location);
	if (response.status !== 200 || !(response.headers.get('content-type') ?? '').includes('json')) return false;
	const body = (await response.clone().json()) as { type?: string; location?: string };
	return body.type === 'redirect' && /^\/login(\?|$)/.test(body.location ?? '');
}
