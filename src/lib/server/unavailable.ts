// The answer to a request for a page while nobody can be recognised, because the database does not answer: without
// styles and scripts, since nothing that needs a login is there to be shown.
import { json, type RequestEvent } from '@sveltejs/kit';
import { withBase } from './address';

const escaped = (text: string): string =>
	text.replace(/[&<>"']/g, (letter) => `&#${String(letter.charCodeAt(0))};`);

/** In the form that the asking code of SvelteKit, or the browser itself, understands. */
export function unavailable(
	event: Pick<RequestEvent, 'request' | 'url' | 'isDataRequest' | 'locals'>,
	message: string,
): Response {
	const { request, url, isDataRequest } = event;
	const { requestId } = event.locals;
	const error = { message, requestId };
	const status = 503;
	const headers = { 'retry-after': '10' };
	if (isDataRequest) return json(error, { status, headers });
	if (request.headers.has('x-sveltekit-action'))
		return json({ type: 'error', status, error }, { status, headers });
	const again = withBase(`${url.pathname}${request.method === 'GET' ? url.search : ''}`);
	const page = `<!doctype html>
<html lang="en">
	<head>
		<meta charset="utf-8" />
		<meta name="viewport" content="width=device-width, initial-scale=1" />
		<meta name="color-scheme" content="light dark" />
		<title>Not available · Comradarr</title>
	</head>
	<body>
		<h1>Comradarr cannot show this now</h1>
		<p>${escaped(message)}</p>
		<p><a href="${escaped(again)}">Try again</a></p>
		<p><small>Request ${escaped(requestId)}</small></p>
	</body>
</html>
`;
	const policy = "default-src 'none'; frame-ancestors 'none'";
	return new Response(page, {
		status,
		headers: { ...headers, 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy },
	});
}
