// The configuration of the process: environment variables, read and checked once at start.
import * as v from 'valibot';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { logLevels } from './log/state';
import { parseNetworks, type NetworkList } from './net';
import { Secret } from './secret';

/** A configuration that cannot be used, as one sentence that names the variable. */
export class ConfigError extends Error {
	override readonly name = 'ConfigError';
}

/** Variables that may also be given as `<NAME>_FILE`, a path whose content is the value. */
const alsoAsFile = ['SECRET_KEY', 'DATABASE_URL', 'ADMIN_PASS', 'API_KEY'] as const;

const wholeNumber = (least: number, most: number) =>
	v.pipe(
		v.string(),
		v.regex(/^\d{1,15}$/, `must be a whole number from ${least} to ${most}`),
		v.transform(Number),
		v.minValue(least, `must be at least ${least}`),
		v.maxValue(most, `must be at most ${most}`),
	);
const secret = (least: number) =>
	v.pipe(
		v.string(),
		v.minLength(least, `must have at least ${least} characters`),
		v.maxLength(4_096, 'must have at most 4096 characters'),
		v.transform((value) => new Secret(value)),
	);
const networks = v.rawTransform<string, NetworkList>(({ dataset, addIssue, NEVER }) => {
	const parsed = parseNetworks(dataset.value);
	if ('networks' in parsed) return parsed.networks;
	addIssue({
		message: `must list addresses or networks such as 172.18.0.0/16; "${parsed.invalid}" is neither`,
	});
	return NEVER;
});

const schema = v.object({
	HOST: v.optional(
		v.pipe(v.string(), v.regex(/^[\w.:-]+$/, 'must be an address to listen on, such as 0.0.0.0')),
		'0.0.0.0',
	),
	PORT: v.optional(wholeNumber(0, 65_535), '3000'),
	BASE_URL: v.optional(
		v.pipe(v.string(), v.check(isBasePath, 'must be a path such as /comradarr'), v.transform(basePath)),
		'',
	),
	ORIGIN: v.optional(
		v.pipe(
			v.string(),
			v.check(isOrigin, 'must be the public address without a path, such as https://comradarr.example.com'),
			v.transform((value) => new URL(value).origin),
		),
	),
	LOG_LEVEL: v.optional(
		v.pipe(v.string(), v.toLowerCase(), v.picklist(logLevels, `must be one of ${logLevels.join(', ')}`)),
		'info',
	),
	LOG_FORMAT: v.optional(v.picklist(['json', 'text'], 'must be json or text')),
	TZ: v.optional(v.pipe(v.string(), v.check(isTimeZone, 'must be a time zone such as Europe/Berlin')), 'UTC'),
	DATA_DIR: v.optional(
		v.pipe(
			v.string(),
			v.transform((value) => resolve(value)),
		),
		'./data',
	),
	DATABASE_URL: v.optional(
		v.pipe(
			v.string(),
			v.check(isPostgresUrl, 'must look like postgres://user:password@host:5432/database'),
			v.transform((value) => new Secret(value)),
		),
	),
	DATABASE_POOL_SIZE: v.optional(wholeNumber(2, 200), '10'),
	DATABASE_STATEMENT_TIMEOUT: v.optional(wholeNumber(1, 86_400), '60'),
	DATABASE_IDLE_TIMEOUT: v.optional(wholeNumber(0, 86_400), '300'),
	SECRET_KEY: v.optional(secret(16)),
	ADMIN_USER: v.optional(
		v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(64, 'must have at most 64 characters')),
	),
	ADMIN_PASS: v.optional(secret(8)),
	RESET_ADMIN: v.optional(v.picklist(['true', 'false'], 'must be true or false'), 'false'),
	API_KEY: v.optional(secret(20)),
	SESSION_DAYS: v.optional(wholeNumber(1, 365), '7'),
	TRUSTED_PROXIES: v.optional(v.pipe(v.string(), networks), ''),
	BODY_LIMIT_MB: v.optional(wholeNumber(1, 1_024), '16'),
	SHUTDOWN_SECONDS: v.optional(wholeNumber(1, 600), '20'),
});

/** The checked configuration. */
export interface Config {
	readonly host: string;
	readonly port: number;
	/** Path prefix behind a reverse proxy, `''` or `/comradarr`. */
	readonly baseUrl: string;
	/** The public origin, where a proxy does not tell it. */
	readonly origin: string | undefined;
	readonly logLevel: (typeof logLevels)[number];
	readonly logFormat: 'json' | 'text';
	/** Zone in which schedules are evaluated unless they name their own. */
	readonly timeZone: string;
	readonly dataDir: string;
	readonly database: {
		/** Undefined means: the embedded server. */
		readonly url: Secret | undefined;
		readonly poolSize: number;
		readonly statementTimeoutMs: number;
		readonly idleTimeoutSeconds: number;
	};
	readonly secretKey: Secret | undefined;
	readonly adminUser: string;
	readonly adminPass: Secret | undefined;
	/** What an existing user gets anew: the way back in after a forgotten password. Without a name theirs stays. */
	readonly resetAdmin: { readonly username: string | undefined; readonly password: Secret } | undefined;
	/** A full-access key that exists from the start. */
	readonly apiKey: Secret | undefined;
	readonly sessionDays: number;
	readonly trustedProxies: NetworkList;
	readonly bodyLimitBytes: number;
	readonly shutdownSeconds: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads and checks the environment. Throws a ConfigError that never holds a value of a secret. */
export function loadConfig(env: Environment = process.env): Config {
	const given = { ...present(env), ...fromFiles(env) };
	const result = v.safeParse(schema, given, { abortEarly: true });
	if (!result.success) throw new ConfigError(sentence(result.issues[0]));
	return toConfig(result.output);
}

/** @throws ConfigError without the new password */
function resetOf(read: v.InferOutput<typeof schema>): Config['resetAdmin'] {
	if (read.RESET_ADMIN === 'false') return undefined;
	if (read.ADMIN_PASS === undefined) throw new ConfigError('RESET_ADMIN needs ADMIN_PASS, the new password.');
	return { username: read.ADMIN_USER, password: read.ADMIN_PASS };
}

function toConfig(read: v.InferOutput<typeof schema>): Config {
	return {
		host: read.HOST,
		port: read.PORT,
		baseUrl: read.BASE_URL,
		origin: read.ORIGIN,
		logLevel: read.LOG_LEVEL,
		logFormat: read.LOG_FORMAT ?? (process.stdout.isTTY ? 'text' : 'json'),
		timeZone: read.TZ,
		dataDir: read.DATA_DIR,
		database: {
			url: read.DATABASE_URL,
			poolSize: read.DATABASE_POOL_SIZE,
			statementTimeoutMs: read.DATABASE_STATEMENT_TIMEOUT * 1_000,
			idleTimeoutSeconds: read.DATABASE_IDLE_TIMEOUT,
		},
		secretKey: read.SECRET_KEY,
		adminUser: read.ADMIN_USER ?? 'admin',
		adminPass: read.ADMIN_PASS,
		resetAdmin: resetOf(read),
		apiKey: read.API_KEY,
		sessionDays: read.SESSION_DAYS,
		trustedProxies: read.TRUSTED_PROXIES,
		bodyLimitBytes: read.BODY_LIMIT_MB * 1024 * 1024,
		shutdownSeconds: read.SHUTDOWN_SECONDS,
	};
}

/** An empty variable counts as not given: compose files leave them so. */
function present(env: Environment): Record<string, string> {
	const names = Object.keys(schema.entries);
	return Object.fromEntries(
		names.flatMap((name) => {
			const value = env[name];
			return value === undefined || value === '' ? [] : [[name, value]];
		}),
	);
}

function fromFiles(env: Environment): Record<string, string> {
	const found: Record<string, string> = {};
	for (const name of alsoAsFile) {
		const path = env[`${name}_FILE`];
		if (path === undefined || path === '') continue;
		if ((env[name] ?? '') !== '')
			throw new ConfigError(`${name} and ${name}_FILE are both set; keep one of them.`);
		found[name] = readSecretFile(name, path);
	}
	return found;
}

function readSecretFile(name: string, path: string): string {
	let content: string;
	try {
		content = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
	} catch {
		throw new ConfigError(`${name}_FILE points to ${path}, which cannot be read.`);
	}
	if (content === '') throw new ConfigError(`${name}_FILE points to ${path}, which is empty.`);
	return content;
}

/** Our own messages say "must …" and hold no value; any other issue is only named. */
function sentence(issue: v.BaseIssue<unknown>): string {
	const key = issue.path?.[0]?.key;
	const name = typeof key === 'string' ? key : 'The configuration';
	return issue.message.startsWith('must ')
		? `${name} ${issue.message}.`
		: `${name} has a value that cannot be used.`;
}

function isBasePath(value: string): boolean {
	return /^\/?([\w.~-]+(\/[\w.~-]+)*)?\/?$/.test(value) && !value.split('/').includes('..');
}

function basePath(value: string): string {
	const inner = value.replace(/^\/+|\/+$/g, '');
	return inner === '' ? '' : `/${inner}`;
}

function isOrigin(value: string): boolean {
	const url = URL.parse(value);
	return (
		url !== null &&
		/^https?:$/.test(url.protocol) &&
		url.pathname === '/' &&
		url.search === '' &&
		url.username === ''
	);
}

function isPostgresUrl(value: string): boolean {
	const url = URL.parse(value);
	return url !== null && /^postgres(ql)?:$/.test(url.protocol);
}

function isTimeZone(value: string): boolean {
	try {
		new Intl.DateTimeFormat('en', { timeZone: value });
		return true;
	} catch {
		return false;
	}
}

/** A configuration for tests: the defaults with some values replaced. */
export function defaultConfig(changes: Partial<Config> = {}): Config {
	return { ...loadConfig({}), ...changes };
}
