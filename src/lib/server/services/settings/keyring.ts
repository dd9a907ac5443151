/**
 * The keyring of a running process. A check value in the database tells whether the master key is the one the stored
 * secrets were sealed with; if not, the process is *locked*: pages work, what cannot be read is not used, and keys are
 * asked for again. What was sealed with the other key is kept until every key was entered again, so that the right
 * master key still heals everything at the next start.
 */
import { SecretUnreadable, type Keyring } from '../../crypto';
import type { DbOrTx } from '../../db/client';
import { listSealedKeys, patchConnector, type SealedKey } from '../../db/queries/connectors';
import { KEY_CHECK, SEALED_BEFORE, sealedBefore } from './keys';
import { forgetSettings, readSetting, writeSetting } from './store';

export interface AppKeyring {
	/** The master key does not fit the database. */
	readonly locked: boolean;
	encrypt(plain: string, binding: string): string;
	/** Throws `SecretUnreadable` for what was sealed with another key or for another row. */
	decrypt(sealed: string, binding: string): string;
	/** Whether it can be read with this master key. */
	opens(sealed: string, binding: string): boolean;
	/** While locked: keeps what is about to be replaced, if this master key cannot read it. */
	keepSealed(tx: DbOrTx, of: SealedKey, at: Date): Promise<void>;
	/** While locked: once nothing unreadable is left, this master key becomes the one of the database. True if so. */
	adopt(db: DbOrTx, at: Date): Promise<boolean>;
}

/** Row binding of a connector's encrypted key: it cannot be moved to another row. */
export const apiKeyBinding = (connectorId: number): string => `connector:${String(connectorId)}:api_key`;

/**
 * Compares the check value, or stores one where nothing was sealed yet. With the right key, what was entered under a
 * wrong one meanwhile gives way to what stood there before.
 */
export async function openKeyring(db: DbOrTx, keyring: Keyring, at: Date): Promise<AppKeyring> {
	const opens = (sealed: string, binding: string): boolean => canOpen(keyring, sealed, binding);
	const { value } = await readSetting(db, KEY_CHECK);
	const fits = value !== null && keyring.verifyCheckValue(value);
	const state = { locked: !fits && (await unreadable(db, opens)).length > 0 };
	if (fits) await restore(db, opens, at);
	else if (!state.locked) await writeSetting(db, KEY_CHECK, { value: keyring.makeCheckValue() }, at);
	return {
		get locked() {
			return state.locked;
		},
		encrypt: (plain, binding) => keyring.encryptSecret(plain, binding),
		decrypt: (sealed, binding) => keyring.decryptSecret(sealed, binding),
		opens,
		keepSealed: async (tx, { id, sealed, url }, now) => {
			if (!state.locked || opens(sealed, apiKeyBinding(id))) return;
			const kept = await readSetting(tx, sealedBefore(id));
			if (kept.sealed === null) await writeSetting(tx, sealedBefore(id), { sealed, url }, now);
		},
		adopt: async (any, now) => {
			if (!state.locked || (await unreadable(any, opens)).length > 0) return false;
			await writeSetting(any, KEY_CHECK, { value: keyring.makeCheckValue() }, now);
			await forgetSettings(any, SEALED_BEFORE);
			state.locked = false;
			return true;
		},
	};
}

type Opens = AppKeyring['opens'];

/** Saved keys that this master key cannot read. */
async function unreadable(db: DbOrTx, opens: Opens): Promise<SealedKey[]> {
	return (await listSealedKeys(db)).filter(({ id, sealed }) => !opens(sealed, apiKeyBinding(id)));
}

/** A key goes back only where the address is still the one it was for. */
async function restore(db: DbOrTx, opens: Opens, at: Date): Promise<void> {
	for (const { id, url } of await unreadable(db, opens)) {
		const before = await readSetting(db, sealedBefore(id));
		if (before.sealed !== null && before.url === url && opens(before.sealed, apiKeyBinding(id)))
			await patchConnector(db, id, { apiKeyEncrypted: before.sealed, updatedAt: at });
	}
	await forgetSettings(db, SEALED_BEFORE);
}

function canOpen(keyring: Keyring, sealed: string, binding: string): boolean {
	try {
		keyring.decryptSecret(sealed, binding);
		return true;
	} catch (error) {
		if (error instanceof SecretUnreadable) return false;
		throw error;
	}
}
