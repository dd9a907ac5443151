/** Every stored setting: name, schema, default. A new setting is one entry here. */
import * as v from 'valibot';

export interface SettingKey<T extends object> {
	readonly name: string;
	readonly schema: v.GenericSchema<unknown, T>;
}

const key = <const S extends v.GenericSchema<unknown, object>>(
	name: string,
	schema: S,
): SettingKey<v.InferOutput<S>> => ({ name, schema: schema });

/** Global pause of the queue. What was sent is watched to its end. */
export const QUEUE_PAUSED = key(
	'queue.paused',
	v.object({ paused: v.optional(v.boolean(), false), since: v.optional(v.nullable(v.string()), null) }),
);

/** Proves that the master key is the one the stored secrets were encrypted with. */
export const KEY_CHECK = key(
	'security.key_check',
	v.object({ value: v.optional(v.nullable(v.string()), null) }),
);

/** Names of `sealedBefore` begin so. */
export const SEALED_BEFORE = 'security.sealed_before.';

/** A connector's API key as another master key sealed it, and the address it is for; kept while locked. */
export const sealedBefore = (connectorId: number) =>
	key(
		`${SEALED_BEFORE}${String(connectorId)}`,
		v.object({
			sealed: v.optional(v.nullable(v.string()), null),
			url: v.optional(v.nullable(v.string()), null),
		}),
	);

/** Token that the setup page asks for, until an admin exists. Hashed. */
export const SETUP_TOKEN = key(
	'security.setup_token',
	v.object({ hash: v.optional(v.nullable(v.string()), null) }),
);

/** The password that `RESET_ADMIN` set last, hashed: it is taken from the environment once. */
export const ADMIN_RESET = key(
	'security.admin_reset',
	v.object({ hash: v.optional(v.nullable(v.string()), null) }),
);
