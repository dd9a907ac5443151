// Sealed secrets, the check value, tokens, passwords, and where the master key comes from.
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { defaultConfig } from './config';
import {
	createKeyring,
	hashPassword,
	hashToken,
	lastFour,
	newToken,
	sameText,
	SecretUnreadable,
	verifyPassword,
} from './crypto';
import { keyFileName, masterKey } from './master-key';
import { Secret } from './secret';

const ring = createKeyring('a master key of some length');
const dir = mkdtempSync(join(tmpdir(), 'comradarr-key-'));

afterAll(() => rmSync(dir, { recursive: true, force: true }));

test('a secret opens for its own row and key only', () => {
	const sealed = ring.encryptSecret('0123456789abcdef', 'connectors:7:apiKey');
	expect(sealed).not.toContain('0123456789abcdef');
	expect(ring.encryptSecret('0123456789abcdef', 'connectors:7:apiKey')).not.toBe(sealed);
	expect(ring.decryptSecret(sealed, 'connectors:7:apiKey')).toBe('0123456789abcdef');
	expect(() => ring.decryptSecret(sealed, 'connectors:8:apiKey')).toThrow(SecretUnreadable);
	expect(() => createKeyring('another master key').decryptSecret(sealed, 'connectors:7:apiKey')).toThrow(
		SecretUnreadable,
	);
});

test('a changed, cut or foreign value is refused', () => {
	const sealed = ring.encryptSecret('x', 'row');
	const flipped = sealed.slice(0, -2) + (sealed.endsWith('AA') ? 'BB' : 'AA');
	for (const bad of [flipped, sealed.slice(0, 20), '', 'v9.AAAA', sealed.replace('v1', 'v2')]) {
		expect(() => ring.decryptSecret(bad, 'row')).toThrow(SecretUnreadable);
	}
});

test('the check value tells a wrong key', () => {
	const stored = ring.makeCheckValue();
	expect(ring.verifyCheckValue(stored)).toBe(true);
	expect(createKeyring('another master key').verifyCheckValue(stored)).toBe(false);
	expect(ring.verifyCheckValue('nonsense')).toBe(false);
});

test('tokens are random and stored as hashes', () => {
	const token = newToken();
	expect(token).not.toBe(newToken());
	expect(token.length).toBeGreaterThanOrEqual(43);
	expect(hashToken(token)).toMatch(/^[0-9a-f]{64}$/);
	expect(sameText('abc', 'abc')).toBe(true);
	expect(sameText('abc', 'abcd')).toBe(false);
	expect(lastFour('0123456789abcdef')).toBe('cdef');
	expect(lastFour('short')).toBe('');
});

test('passwords: argon2id, other forms of the same letters, damaged hashes', async () => {
	const hash = await hashPassword('Zoë und ich');
	expect(hash).toMatch(/^\$argon2id\$/);
	expect(await verifyPassword(hash, 'Zoe\u0308 und ich')).toBe(true);
	expect(await verifyPassword(hash, 'zoe und ich')).toBe(false);
	expect(await verifyPassword('not a hash', 'x')).toBe(false);
});

test('the master key is generated once, for its owner only', () => {
	const config = defaultConfig({ dataDir: join(dir, 'new', 'data') });
	const key = masterKey(config);
	expect(key.length).toBeGreaterThanOrEqual(43);
	expect(masterKey(config)).toBe(key);
	const file = join(config.dataDir, keyFileName);
	expect(statSync(file).mode & 0o777).toBe(0o600);
	expect(readFileSync(file, 'utf8').trim()).toBe(key);
	expect(masterKey({ ...config, secretKey: new Secret('given by the environment') })).toBe(
		'given by the environment',
	);
});

test('a damaged key file is never replaced', () => {
	const file = join(dir, keyFileName);
	writeFileSync(file, 'short');
	chmodSync(file, 0o600);
	expect(() => masterKey(defaultConfig({ dataDir: dir }))).toThrow(/damaged/);
	expect(readFileSync(file, 'utf8')).toBe('short');
});

test('without a place for a key and without SECRET_KEY there is no start', () => {
	const file = join(dir, 'a-file');
	writeFileSync(file, '');
	const config = defaultConfig({ dataDir: join(file, 'data') });
	expect(() => masterKey(config)).toThrow(/SECRET_KEY is not set/);
});
