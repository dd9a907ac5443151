/**
 * The first run: an admin from the environment, or a setup page that asks for the token printed in the log, so that
 * only somebody who can read the log can take the installation. It cannot be repeated.
 */
import type { AppContext } from '../../app-context';
import { AppError } from '../../app-error';
import { hashToken, newToken, sameText } from '../../crypto';
import { SETUP_TOKEN } from '../settings/keys';
import { readSetting, writeSetting } from '../settings/store';
import { createAdmin, hasAdmin, type UserRow } from './users';

/**
 * Makes the admin of the environment while none exists; otherwise a fresh setup token, which the caller prints.
 * Returns null when there is nothing to set up.
 */
export async function prepareFirstRun(
	ctx: AppContext,
	admin: { username: string; password: string } | null,
): Promise<{ setupToken: string } | null> {
	if (await hasAdmin(ctx.db)) return null;
	if (admin !== null) {
		await createAdminOnce(ctx, admin);
		return null;
	}
	const token = newToken(12);
	await writeSetting(ctx.db, SETUP_TOKEN, { hash: hashToken(token) }, ctx.clock.date());
	return { setupToken: token };
}

/** Another process that starts on the same database at the same instant may have made it meanwhile. */
async function createAdminOnce(
	ctx: AppContext,
	{ username, password }: { username: string; password: string },
): Promise<void> {
	try {
		await createAdmin(ctx, username, password);
	} catch (error) {
		if (!(error instanceof AppError) || error.code !== 'setup_done') throw error;
	}
}

/**
 * Makes the admin from the setup page.
 * @throws AppError `wrong_token` (403), `setup_done` (409), `weak_password`, `bad_username` (422)
 */
export async function completeSetup(
	ctx: AppContext,
	input: { token: string; username: string; password: string },
): Promise<UserRow> {
	if (await hasAdmin(ctx.db))
		throw new AppError('setup_done', 409, 'The admin exists already. Log in instead.');
	const { hash } = await readSetting(ctx.db, SETUP_TOKEN);
	if (hash === null || !sameText(hashToken(input.token.trim()), hash)) {
		throw new AppError(
			'wrong_token',
			403,
			'This is not the setup token. It is printed in the log at every start.',
		);
	}
	const user = await createAdmin(ctx, input.username, input.password);
	await writeSetting(ctx.db, SETUP_TOKEN, { hash: null }, ctx.clock.date());
	return user;
}
