/**
 * The way back in after a forgotten password: whoever may set the environment gives the admin a new one at a start.
 * Each password is taken from there once. So a reset that was left on does not bring back, at a later start, a password
 * that was changed meanwhile, and ends no login; a start without it makes it ready again.
 */
import type { AppContext } from '../../app-context';
import { hashPassword, verifyPassword } from '../../crypto';
import { ADMIN_RESET } from '../settings/keys';
import { readSetting, writeSetting } from '../settings/store';
import { findAdmin, setPassword } from './users';

/** `done`: set now · `left_on`: carried out at an earlier start · `nothing`: not asked for, or nobody is there yet. */
export type ResetResult = { kind: 'done'; username: string } | { kind: 'left_on' } | { kind: 'nothing' };

/**
 * Gives the admin this password, and the name if there is one, and ends every session. API keys stay.
 * @throws AppError `weak_password`, `bad_username` (422)
 */
export async function resetAdmin(
	ctx: AppContext,
	asked: { username: string | undefined; password: string } | null,
): Promise<ResetResult> {
	const { hash } = await readSetting(ctx.db, ADMIN_RESET);
	if (asked === null) {
		if (hash !== null) await remember(ctx, null);
		return { kind: 'nothing' };
	}
	const user = await findAdmin(ctx.db);
	if (user === undefined) return { kind: 'nothing' };
	if (hash !== null && (await verifyPassword(hash, asked.password))) return { kind: 'left_on' };
	const username = asked.username ?? user.username;
	await setPassword(ctx, user, {
		username,
		password: asked.password,
		keepSession: null,
		told: 'The password was set anew at the start; every session was ended.',
	});
	await remember(ctx, await hashPassword(asked.password));
	return { kind: 'done', username };
}

const remember = (ctx: AppContext, hash: string | null): Promise<void> =>
	writeSetting(ctx.db, ADMIN_RESET, { hash }, ctx.clock.date());
