// Where the master key comes from: SECRET_KEY, else a file that is generated once in the data directory.
import { randomBytes } from 'node:crypto';
import { accessSync, constants, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, type Config } from './config';

/** Name of the generated key file below DATA_DIR. */
export const keyFileName = 'secret.key';

type KeySource = Pick<Config, 'secretKey' | 'dataDir' | 'database'>;

/** The master key. Generates the file (mode 0600) at the first start without SECRET_KEY. */
export function masterKey(config: KeySource): string {
	if (config.secretKey !== undefined) return config.secretKey.reveal();
	const file = join(config.dataDir, keyFileName);
	return readKey(file) ?? generate(file, config);
}

/** Refuses early what `masterKey` would refuse later: nowhere to keep a key, and none given. */
export function checkKeyPossible(config: KeySource): void {
	if (config.secretKey !== undefined || readKey(join(config.dataDir, keyFileName)) !== undefined) return;
	try {
		mkdirSync(config.dataDir, { recursive: true });
		accessSync(config.dataDir, constants.W_OK);
	} catch {
		throw noPlace(config);
	}
}

function readKey(file: string): string | undefined {
	let key: string;
	try {
		key = readFileSync(file, 'utf8').trim();
	} catch (error) {
		const code = error instanceof Error && 'code' in error ? error.code : undefined;
		if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
		throw new ConfigError(
			`The key file ${file} cannot be read; give this user access to it, or set SECRET_KEY.`,
		);
	}
	if (key.length < 16) {
		throw new ConfigError(`The key file ${file} is damaged; restore it from a backup, or set SECRET_KEY.`);
	}
	return key;
}

/** Written aside and linked into place: two processes at their first start agree on one key. */
function generate(file: string, config: KeySource): string {
	const fresh = `${file}.${process.pid}.tmp`;
	try {
		mkdirSync(config.dataDir, { recursive: true });
	} catch {
		throw noPlace(config);
	}
	try {
		writeFileSync(fresh, `${randomBytes(32).toString('base64url')}\n`, {
			mode: 0o600,
			flag: 'wx',
			flush: true,
		});
		linkSync(fresh, file);
	} catch (error) {
		const lost = error instanceof Error && 'code' in error && error.code === 'EEXIST';
		if (!lost) throw noPlace(config);
	} finally {
		rmSync(fresh, { force: true });
	}
	const key = readKey(file);
	if (key === undefined) throw noPlace(config);
	return key;
}

function noPlace(config: KeySource): ConfigError {
	const why = config.database.url === undefined ? '' : ' beside the external database';
	return new ConfigError(
		`SECRET_KEY is not set, and no key can be kept${why} because DATA_DIR (${config.dataDir}) cannot be written; set one of the two.`,
	);
}
