/** Whose answers these are: `/system/status`, the application's name, version, shape and capabilities (arr §4.1, §16). */
import * as v from 'valibot';
import { APPLICATION_NAMES } from '$lib/domain/application';
import type { ConnectorKind, Shape } from '$lib/domain/words';
import { capabilitiesOf } from './capabilities';
import { ArrError } from './errors';
import { noticesOf } from './notices';
import { absent, instant, line, orElse, parse } from './schema';
import type { Instance } from './types';
import { parseVersion } from './version';

const schema = v.object({
	appName: line,
	instanceName: absent(line),
	version: line,
	startupPath: absent(line),
	appData: absent(line),
	packageAuthor: absent(line),
	databaseType: absent(line),
	authentication: absent(v.union([line, v.boolean()])),
	urlBase: orElse(line, ''),
	startTime: absent(instant),
});
export type Status = v.InferOutput<typeof schema>;

/** The applications we know, in the spelling of their `appName` in lower case. */
const kinds: Readonly<Record<string, ConnectorKind>> = {
	sonarr: 'sonarr',
	radarr: 'radarr',
	whisparr: 'whisparr',
};

/** Throws `bad_record`. */
export function readStatus(endpoint: string, body: unknown): Status {
	return parse(endpoint, schema, body);
}

export function kindOf(status: Status): ConnectorKind | null {
	return kinds[status.appName.toLowerCase()] ?? null;
}

/**
 * The shape that kind and version name; null for a Whisparr built from source, whose version says nothing (arr §4.1).
 * Throws `unsupported`.
 */
export function shapeOf(kind: ConnectorKind, version: string): Shape | null {
	if (kind !== 'whisparr') return kind === 'sonarr' ? 'series' : 'movies';
	const [major = 0] = parseVersion(version);
	if (major === 2) return 'series';
	if (major === 3) return 'movies';
	if (major >= 10) return null;
	throw new ArrError('unsupported', { message: `Whisparr ${version} is not supported.` });
}

/** Refuses any application but the one expected, by its name. Throws `wrong_application`. */
export function checkKind(expected: ConnectorKind, status: Status): void {
	if (kindOf(status) === expected) return;
	const name = status.appName.slice(0, 40);
	throw new ArrError('wrong_application', {
		message: `${name} answers at this address, not ${APPLICATION_NAMES[expected]}.`,
		hint:
			kindOf(status) === null
				? `Enter the address of ${APPLICATION_NAMES[expected]}.`
				: `Add it as ${name}, or check host and port.`,
	});
}

/** What a status tells, once kind and shape are known. `now`: the application's clock. */
export function instanceOf(
	kind: ConnectorKind,
	shape: Shape,
	status: Status,
	now: Date,
	newest: boolean,
): Instance {
	const version = parseVersion(status.version);
	const capabilities = capabilitiesOf(kind, shape, version, newest);
	const instance = {
		application: status.appName,
		kind,
		shape,
		version: status.version,
		major: version[0] ?? 0,
		instanceName: status.instanceName ?? status.appName,
		databaseType: status.databaseType,
		authentication: authenticationOf(status.authentication),
		urlBase: status.urlBase,
		startTime: status.startTime,
		now,
		fingerprint: fingerprintOf(status),
		capabilities,
	};
	return { ...instance, notices: noticesOf(instance) };
}

/** Old versions write true and false (arr §16: Sonarr 3). */
function authenticationOf(value: string | boolean | null): string | null {
	if (typeof value === 'boolean') return value ? 'forms' : 'none';
	return value;
}

function fingerprintOf(status: Status): Record<string, string> {
	const { appName, appData, startupPath, packageAuthor, databaseType } = status;
	const parts = { appName, appData, startupPath, packageAuthor, databaseType };
	return Object.fromEntries(
		Object.entries(parts).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
	);
}
