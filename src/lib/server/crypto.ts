// Secrets at rest (AES-256-GCM), their master key, hashes of tokens, and passwords (argon2id).
import { hash as argonHash, verify as argonVerify } from '@node-rs/argon2';
import {
	createCipheriv,
	createDecipheriv,
	createHash,
	createHmac,
	randomBytes,
	scryptSync,
	timingSafeEqual,
} from 'node:crypto';
import { registerSecret } from './log/state';

/** Seals and opens secrets under one master key. */
export interface Keyring {
	/** The version written into what is sealed now. */
	readonly version: number;
	/** Seals `plain`, bound to a row, e.g. `connectors:7:apiKey`; elsewhere it does not open. */
	encryptSecret(plain: string, binding: string): string;
	/** Opens what was sealed for the same row. Throws `SecretUnreadable` otherwise. */
	decryptSecret(sealed: string, binding: string): string;
	/** A value to keep in the database: proves later that the same key is in use. */
	makeCheckValue(): string;
	/** False if the database was written under another key. */
	verifyCheckValue(stored: string): boolean;
}

/** A sealed value that this key cannot open, or that stands in another row. */
export class SecretUnreadable extends Error {
	override readonly name = 'SecretUnreadable';
}

const algorithm = 'aes-256-gcm';
const currentVersion = 1;
const nonceBytes = 12;
const tagBytes = 16;
const checkText = 'comradarr keyring check';
const checkBinding = 'app_settings:keyring_check';

/** A keyring from the master secret: SECRET_KEY, or the content of the generated key file. */
export function createKeyring(master: string): Keyring {
	registerSecret(master);
	const key = scryptSync(master.normalize('NFC'), `comradarr.secrets.v${currentVersion}`, 32);
	const encryptSecret = (plain: string, binding: string): string => {
		const nonce = randomBytes(nonceBytes);
		const cipher = createCipheriv(algorithm, key, nonce).setAAD(boundTo(binding));
		const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
		return `v${currentVersion}.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`;
	};
	const decryptSecret = (sealed: string, binding: string): string => {
		const { nonce, tag, body } = unpack(sealed);
		try {
			const decipher = createDecipheriv(algorithm, key, nonce).setAAD(boundTo(binding)).setAuthTag(tag);
			const plain = Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
			if (binding !== checkBinding) registerSecret(plain);
			return plain;
		} catch {
			throw new SecretUnreadable('A stored secret cannot be opened with this key.');
		}
	};
	return {
		version: currentVersion,
		encryptSecret,
		decryptSecret,
		makeCheckValue: () => encryptSecret(checkText, checkBinding),
		verifyCheckValue: (stored) => {
			try {
				return decryptSecret(stored, checkBinding) === checkText;
			} catch {
				return false;
			}
		},
	};
}

/** The row and the key version are part of what is authenticated. */
function boundTo(binding: string): Buffer {
	return Buffer.from(`v${currentVersion}:${binding}`);
}

function unpack(sealed: string): { nonce: Buffer; tag: Buffer; body: Buffer } {
	const [version, text] = sealed.split('.');
	const bytes = Buffer.from(text ?? '', 'base64url');
	if (version !== `v${currentVersion}` || bytes.length < nonceBytes + tagBytes) {
		throw new SecretUnreadable('A stored secret has a form that this version does not know.');
	}
	return {
		nonce: bytes.subarray(0, nonceBytes),
		tag: bytes.subarray(nonceBytes, nonceBytes + tagBytes),
		body: bytes.subarray(nonceBytes + tagBytes),
	};
}

/** A random token for sessions, keys and webhooks, safe in addresses; registered as a secret of the logs. */
export function newToken(bytes = 32): string {
	const token = randomBytes(bytes).toString('base64url');
	registerSecret(token);
	return token;
}

/** What is stored in place of a token. Tokens are random, so a plain hash is enough. */
export function hashToken(token: string): string {
	return createHash('sha256').update(token).digest('hex');
}

/** Compares two texts in a time that does not tell how much of them agrees. */
export function sameText(a: string, b: string): boolean {
	const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
	return timingSafeEqual(digest(a), digest(b));
}

/** HMAC-SHA256 in hex, for signed webhooks. */
export function sign(secret: string, body: string): string {
	return createHmac('sha256', secret).update(body).digest('hex');
}

/** Argon2id, 19 MiB, two passes. */
const passwordCost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** The hash to store for a password. */
export function hashPassword(password: string): Promise<string> {
	return argonHash(password.normalize('NFC'), passwordCost);
}

/** False for a wrong password and for a hash that is none. */
export async function verifyPassword(hash: string, password: string): Promise<boolean> {
	try {
		return await argonVerify(hash, password.normalize('NFC'));
	} catch {
		return false;
	}
}

/** The last four characters, for settings pages; nothing of a short secret. */
export function lastFour(secret: string): string {
	return secret.length >= 12 ? secret.slice(-4) : '';
}
