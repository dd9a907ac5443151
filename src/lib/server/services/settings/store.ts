/** The product's own settings: one row per key, each with its schema and default in `keys.ts`. */
import { sql } from 'drizzle-orm';
import * as v from 'valibot';
import type { DbOrTx } from '../../db/client';
import { rowsOf } from '../../db/rows';
import { appSettings } from '../../db/schema';
import type { SettingKey } from './keys';

/** The stored value, or the default where nothing valid is stored. */
export async function readSetting<T extends object>(db: DbOrTx, key: SettingKey<T>): Promise<T> {
	return settingOf(key, (await readRaw(db, key.name)) ?? null);
}

/** What a stored value stands for; the default if there is none, or none that is valid. */
export function settingOf<T extends object>({ schema }: SettingKey<T>, stored: object | null): T {
	const parsed = v.safeParse(schema, stored ?? {});
	return parsed.success ? parsed.output : v.parse(schema, {});
}

export async function writeSetting<T extends object>(
	db: DbOrTx,
	key: SettingKey<T>,
	value: T,
	at: Date,
): Promise<void> {
	await db
		.insert(appSettings)
		.values({ key: key.name, value, updatedAt: at })
		.onConflictDoUpdate({ target: appSettings.key, set: { value, updatedAt: at } });
}

/** Removes every setting whose name begins so. */
export async function forgetSettings(db: DbOrTx, prefix: string): Promise<void> {
	await db.delete(appSettings).where(sql`starts_with(${appSettings.key}, ${prefix})`);
}

/** Whether a row is stored under the key, and what. */
export async function readRaw(db: DbOrTx, name: string): Promise<object | undefined> {
	const [row] = await rowsOf<{ value: object }>(db, sql`select value from app_settings where key = ${name}`);
	return row?.value;
}
