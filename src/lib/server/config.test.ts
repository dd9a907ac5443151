// The environment: defaults, files, and one clear sentence for each mistake.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { ConfigError, loadConfig } from './config';

const dir = mkdtempSync(join(tmpdir(), 'comradarr-config-'));
const file = (name: string, content: string): string => {
	writeFileSync(join(dir, name), content);
	return join(dir, name);
};

afterAll(() => rmSync(dir, { recursive: true, force: true }));

test('everything has a default', () => {
	expect(loadConfig({})).toMatchObject({
		host: '0.0.0.0',
		port: 3000,
		baseUrl: '',
		logLevel: 'info',
		timeZone: 'UTC',
		dataDir: resolve('data'),
		adminUser: 'admin',
		sessionDays: 7,
		database: { url: undefined, poolSize: 10, statementTimeoutMs: 60_000 },
	});
});

test('an empty variable is one that is not given', () => {
	expect(loadConfig({ PORT: '', DATABASE_URL: '', SECRET_KEY_FILE: '' })).toMatchObject({
		port: 3000,
		secretKey: undefined,
	});
});

test.each([
	['/', ''],
	['', ''],
	['comradarr', '/comradarr'],
	['/media/comradarr/', '/media/comradarr'],
])('BASE_URL %s becomes %s', (given, expected) => {
	expect(loadConfig({ BASE_URL: given }).baseUrl).toBe(expected);
});

test('secrets come from files, without the last line end', () => {
	const config = loadConfig({
		SECRET_KEY_FILE: file('key', 'sixteen characters or more\n'),
		DATABASE_URL_FILE: file('url', 'postgres://u:p@db/comradarr\r\n'),
		ADMIN_PASS_FILE: file('pass', ' with spaces '),
	});
	expect(config.secretKey?.reveal()).toBe('sixteen characters or more');
	expect(config.database.url?.reveal()).toBe('postgres://u:p@db/comradarr');
	expect(config.adminPass?.reveal()).toBe(' with spaces ');
});

test('a reset of the admin needs its new password, and keeps the name unless one is given', () => {
	const pass = { ADMIN_PASS: 'long enough' };
	const reset = loadConfig({ ...pass, RESET_ADMIN: 'true' }).resetAdmin;
	expect(reset?.username).toBeUndefined();
	expect(reset?.password.reveal()).toBe('long enough');
	expect(loadConfig({ ...pass, RESET_ADMIN: 'true', ADMIN_USER: 'owner' }).resetAdmin?.username).toBe(
		'owner',
	);
	expect(loadConfig(pass).resetAdmin).toBeUndefined();
	expect(() => loadConfig({ RESET_ADMIN: 'true' })).toThrow('RESET_ADMIN needs ADMIN_PASS');
});

test('a secret shows in no printed form', () => {
	const config = loadConfig({ SECRET_KEY: 'planted-secret-value' });
	for (const shown of [JSON.stringify(config), inspect(config, { depth: 5 }), String(config.secretKey)]) {
		expect(shown).not.toContain('planted');
	}
});

test('trusted proxies are networks', () => {
	const { trustedProxies } = loadConfig({ TRUSTED_PROXIES: '172.18.0.0/16, ::1' });
	expect(trustedProxies.has('172.18.3.4')).toBe(true);
	expect(trustedProxies.has('::ffff:172.18.3.4')).toBe(true);
	expect(trustedProxies.has('172.19.3.4')).toBe(false);
});

test.each([
	[{ PORT: 'abc' }, 'PORT must be a whole number'],
	[{ PORT: '70000' }, 'PORT must be at most 65535'],
	[{ BASE_URL: '/../x' }, 'BASE_URL must be a path'],
	[{ ORIGIN: 'https://x/path' }, 'ORIGIN must be the public address'],
	[{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be one of error, warn, info, debug, trace'],
	[{ TZ: 'Mars/Olympus' }, 'TZ must be a time zone'],
	[{ DATABASE_URL: 'mysql://planted-secret@x' }, 'DATABASE_URL must look like postgres://'],
	[{ SECRET_KEY: 'planted' }, 'SECRET_KEY must have at least 16 characters'],
	[{ TRUSTED_PROXIES: '10.0.0.0/40' }, 'TRUSTED_PROXIES must list addresses or networks'],
	[{ SECRET_KEY_FILE: '/nowhere/key' }, 'SECRET_KEY_FILE points to /nowhere/key, which cannot be read'],
	[{ SECRET_KEY: 'x'.repeat(20), SECRET_KEY_FILE: '/x' }, 'SECRET_KEY and SECRET_KEY_FILE are both set'],
])('%o is refused in one sentence', (env, sentence) => {
	const load = (): unknown => loadConfig(env);
	expect(load).toThrow(ConfigError);
	expect(load).toThrow(sentence);
	expect(load).not.toThrow(/planted|\n/);
});
