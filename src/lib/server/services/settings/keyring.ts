/**
 * The keyring of a running process. A check value in the database tells whether the master key is the one the stored
 * secrets were sealed with; if not, the process is *locked*: pages work, nothing is sent, nothing sealed is
 * overwritten, keys are asked for again.
 */
import type { Keyring } from '../../crypto';
import type { DbOrTx } from '../../db/client';
import { KEY_CHECK } from './keys';
import { readSetting, writeSetting } from './store';

export interface AppKeyring {
	/** The master key does not fit the database. */
	readonly locked: boolean;
	encrypt(plain: string, binding: string): string;
	/** Throws `SecretUnreadable` for what was sealed with another key or for another row. */
	decrypt(sealed: string, binding: string): string;
}

/** Compares the check value, or stores one at the first start. */
export async function openKeyring(db: DbOrTx, keyring: Keyring, at: Date): Promise<AppKeyring> {
	const { value } = await readSetting(db, KEY_CHECK);
	if (value === null) await writeSetting(db, KEY_CHECK, { value: keyring.makeCheckValue() }, at);
	const locked = value !== null && !keyring.verifyCheckValue(value);
	return {
		locked,
		encrypt: (plain, binding) => keyring.encryptSecret(plain, binding),
		decrypt: (sealed, binding) => keyring.decryptSecret(sealed, binding),
	};
}
