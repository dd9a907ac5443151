// `/notification`: webhooks are tested by a real call before they are saved.
import type { App } from '../app.ts';
import { fromHandler, invalid, list, missing, ok, unknownId, type Answer } from '../http/answer.ts';
import type { Call, Router } from '../http/router.ts';
import { isObject, textOf, type JsonObject } from '../json.ts';
import type { Notification } from '../state/model.ts';
import { payloadOf } from '../webhooks/payload.ts';
import { fieldsOf, savedFields, valueOf, type FieldSpec } from './fields.ts';

const SHARED = ['onGrab', 'onDownload', 'onUpgrade'];
const SERIES = [
	'onRename',
	'onSeriesAdd',
	'onSeriesDelete',
	'onEpisodeFileDelete',
	'onEpisodeFileDeleteForUpgrade',
];
const MOVIE = [
	'onRename',
	'onMovieAdded',
	'onMovieDelete',
	'onMovieFileDelete',
	'onMovieFileDeleteForUpgrade',
];
const HEALTH = ['onHealthIssue', 'includeHealthWarnings'];
const LATE = ['onHealthRestored', 'onApplicationUpdate', 'onManualInteractionRequired'];

function switchesOf(app: App): string[] {
	const own = app.traits.shape === 'series' ? SERIES : MOVIE;
	const complete = app.traits.importComplete ? ['onImportComplete'] : [];
	return [...SHARED, ...complete, ...own, ...HEALTH, ...(app.traits.nancy ? [] : LATE)];
}

const METHODS = [
	{ value: 1, name: 'POST', order: 1 },
	{ value: 2, name: 'PUT', order: 2 },
];

function fieldSpecs(app: App): FieldSpec[] {
	const specs: FieldSpec[] = [
		{ name: 'url', label: 'Webhook URL', type: 'url' },
		{
			name: 'method',
			label: 'Method',
			type: 'select',
			value: 1,
			helpText: 'Which HTTP method to use submit to the Webservice',
			selectOptions: METHODS,
		},
		{ name: 'username', label: 'Username', type: 'textbox', privacy: 'userName' },
		{ name: 'password', label: 'Password', type: 'password', privacy: 'password' },
	];
	if (app.traits.webhookHeaders) {
		specs.push({ name: 'headers', label: 'Headers', type: 'keyValueList', value: [], advanced: true });
	}
	return specs;
}

function storedFields(notification: Notification): JsonObject[] {
	return [
		{ name: 'url', value: notification.url },
		{ name: 'method', value: notification.method === 'POST' ? 1 : 2 },
		{ name: 'username', value: notification.username ?? undefined },
		{ name: 'password', value: notification.password ?? undefined },
		{ name: 'headers', value: notification.headers.map(({ key, value }) => ({ key, value })) },
	];
}

function resource(app: App, notification: Notification | null): JsonObject {
	const switches: JsonObject = {};
	for (const name of switchesOf(app)) switches[name] = notification?.switches[name] ?? false;
	for (const name of switchesOf(app)) {
		if (name.startsWith('on')) switches[`supportsO${name.slice(1)}`] = true;
	}
	return {
		...switches,
		name: notification?.name ?? '',
		fields: fieldsOf(app, fieldSpecs(app), notification === null ? null : storedFields(notification)),
		implementationName: 'Webhook',
		implementation: 'Webhook',
		configContract: 'WebhookSettings',
		infoLink: `https://wiki.servarr.com/${app.traits.appName.toLowerCase()}/supported#webhook`,
		tags: notification?.tags ?? [],
		id: notification?.id,
	};
}

function parse(app: App, body: JsonObject, before: Notification | null): Notification {
	const fields = savedFields(body, before === null ? null : storedFields(before));
	const text = (name: string) => {
		const value = valueOf(fields, name);
		return typeof value === 'string' && value !== '' ? value : null;
	};
	const headers = valueOf(fields, 'headers');
	const switches: Record<string, boolean> = {};
	for (const name of switchesOf(app)) switches[name] = body[name] === true;
	return {
		id: before?.id ?? 0,
		name: textOf(body.name),
		url: text('url') ?? '',
		method: valueOf(fields, 'method') === 2 ? 'PUT' : 'POST',
		username: text('username'),
		password: text('password'),
		headers: Array.isArray(headers)
			? headers.filter(isObject).map((one) => ({ key: textOf(one.key), value: textOf(one.value) }))
			: [],
		tags: Array.isArray(body.tags) ? body.tags.map(Number) : [],
		switches,
		failingSince: null,
		level: 0,
		blockedUntil: null,
		slowSeconds: before?.slowSeconds ?? 0,
	};
}

async function test(app: App, notification: Notification): Promise<void> {
	const status = await app.webhooks.post(notification, payloadOf(app, 'Test', {}));
	app.webhooks.deliveries.push({
		at: app.clock.now(),
		notificationId: notification.id,
		event: 'Test',
		status,
		dropped: false,
	});
	if (status === null) {
		const message = unreachable(app, notification.url);
		throw fromHandler(500, { message, description: `System.Net.Http.HttpRequestException: ${message}\n…` });
	}
	if (status < 400) return;
	const what = `[${status}:${REASONS[status] ?? 'InternalServerError'}] [${notification.method}] at [${notification.url}]`;
	const errorMessage = `Unable to send test message: Unable to post to webhook: HTTP request failed: ${what}`;
	throw untestable(errorMessage, undefined);
}

const REASONS: Record<number, string> = {
	401: 'Unauthorized',
	403: 'Forbidden',
	404: 'NotFound',
	500: 'InternalServerError',
};

/** Failures of a test are not those of a validator: fewer members, and a warning flag. */
function untestable(errorMessage: string, attemptedValue: string | undefined) {
	return fromHandler(400, [
		{ isWarning: false, propertyName: 'Url', errorMessage, attemptedValue, severity: 'error' },
	]);
}

function unreachable(app: App, address: string): string {
	const url = new URL(address);
	if (url.hostname.endsWith('.invalid'))
		return `Name or service not known (${url.hostname}:${url.port || '80'})`;
	const refused =
		app.traits.kind === 'sonarr5'
			? 'One or more errors occurred. (Connection refused)'
			: 'Connection refused';
	return `${refused} (${url.host})`;
}

async function save(call: Call, before: Notification | null): Promise<Answer> {
	const { app, query, prefix } = call;
	const body = isObject(call.body) ? call.body : {};
	const notification = parse(app, body, before);
	if (!URL.canParse(notification.url))
		throw untestable(`Invalid Url: '${notification.url}'`, notification.url);
	const same = [...app.store.notifications.values()].some(
		(one) => one.name === notification.name && one.id !== notification.id,
	);
	if (same) {
		throw invalid({
			propertyName: 'Name',
			errorMessage: 'Should be unique',
			attemptedValue: notification.name,
			errorCode: 'PredicateValidator',
		});
	}
	const anyOn = Object.entries(notification.switches).some(([name, on]) => on && name.startsWith('on'));
	const forced = before !== null && query.bool('forceSave', false);
	if (anyOn && !forced) await test(app, notification);
	if (before === null) notification.id = app.store.nextId('notifications');
	app.store.notifications.set(notification.id, notification);
	const location = `${prefix}/notification/${notification.id}`;
	return { status: before === null ? 201 : 202, headers: { location }, json: resource(app, notification) };
}

function find(app: App, id: number): Notification {
	const notification = app.store.notifications.get(id);
	if (notification === undefined) throw unknownId(app.traits);
	return notification;
}

export function addNotificationRoutes(router: Router, path = 'notification'): void {
	router.get(path, ({ app }) => list([...app.store.notifications.values()], (one) => resource(app, one)));
	router.get(`${path}/schema`, ({ app }) =>
		ok([{ ...resource(app, null), presets: app.traits.shape === 'movie' ? [] : undefined }]),
	);
	router.get(`${path}/{id}`, ({ app, id }) => ok(resource(app, find(app, id))));
	router.post(path, (call) => save(call, null));
	router.post(`${path}/test`, async ({ app, body }) => {
		await test(app, parse(app, isObject(body) ? body : {}, null));
		return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, json: {} };
	});
	router.put(`${path}/{id}`, (call) => save(call, find(call.app, call.id)));
	router.delete(`${path}/{id}`, ({ app, id }) => {
		if (!app.store.notifications.delete(id)) throw missing('Notification', id);
		return ok({});
	});
}
