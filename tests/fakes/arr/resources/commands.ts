// `/command`: sending, reading, cancelling.
import type { App } from '../app.ts';
import { commandResource, durationText } from '../commands/command.ts';
import { definition, readProps } from '../commands/definitions.ts';
import { empty, failure, list, mustNotBeEmpty, ok, unbound, unknownId, type Answer } from '../http/answer.ts';
import type { Call, Router } from '../http/router.ts';
import { isObject, type Json } from '../json.ts';

/** The header `UserAgent` in newer applications, the normal one in the oldest. */
function senderOf(call: Call): string | null {
	const value = call.headers[call.app.traits.nancy ? 'user-agent' : 'useragent'];
	if (typeof value !== 'string' || value.startsWith('Mozilla/5.0')) return null;
	return value;
}

function nameIn(app: App, body: Json): string {
	if (!isObject(body)) {
		const where = `Path: $ | LineNumber: 0 | BytePositionInLine: 1.`;
		const type = `${app.traits.appName}.Api.V3.Commands.CommandResource`;
		throw unbound(app.traits, { $: [`The JSON value could not be converted to ${type}. ${where}`] });
	}
	const entry = Object.entries(body).find(([name]) => name.toLowerCase() === 'name');
	const name = entry?.[1];
	if (typeof name !== 'string' || name === '') throw mustNotBeEmpty('Name', name);
	return name;
}

function post(call: Call): Answer {
	const { app, body } = call;
	const name = nameIn(app, body);
	const found = definition(app.traits, name);
	if (found === null) {
		throw failure(
			app.traits.unknownCommand,
			'Sequence contains no matching element',
			'System.InvalidOperationException',
		);
	}
	const props = readProps(found, isObject(body) ? body : {});
	const userAgent = senderOf(call);
	const posted = app.commands.send(found, props, { userAgent, trigger: 'manual' });
	const browser = call.headers['useragent'];
	if (userAgent === null && !posted.merged && !app.traits.nancy && typeof browser === 'string') {
		posted.command.browser = browser;
	}
	const location = `${call.prefix}/command/${posted.command.id}`;
	return { status: 201, headers: { location }, json: commandResource(app, posted.command), posted };
}

function read({ app, id }: Call): Answer {
	const command = app.commands.rows.get(id);
	if (command === undefined) throw unknownId(app.traits);
	const ended = command.status === 'completed' || command.status === 'failed';
	if (app.traits.endedCommandsUnreadable && ended && !command.inMemory) {
		const message = `Error parsing column 8 (Duration=${durationText(command.duration ?? 0)} - String)`;
		throw failure(500, message, 'System.Data.DataException');
	}
	return ok(commandResource(app, command));
}

function cancel({ app, id }: Call): Answer {
	if (app.commands.cancel(id)) return empty(200);
	throw failure(409, 'Unable to cancel task', 'NzbDrone.Core.Exceptions.NzbDroneClientException');
}

export function addCommandRoutes(router: Router): void {
	router.get('command', ({ app }) => list(app.commands.list(), (command) => commandResource(app, command)));
	router.get('command/{id}', read);
	router.post('command', post);
	router.delete('command/{id}', cancel);
}
