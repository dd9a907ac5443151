/**
 * Is it still the same application at this address? Asked first, compared with what the mirror knows, and asked again
 * before anything is taken for gone (design: same instance).
 */
import type { SQL } from 'bun';
import { checkpoint } from '../../checkpoint';
import type { Instance } from '../../connectors/common/types';
import { drizzleOn } from '../../db/bulk';
import {
	askQuestion,
	isAccepted,
	useAcceptance,
	withdrawQuestion,
	type SyncQuestion,
} from '../../db/queries/mirror-runs';
import type { Pairs } from '../../db/queries/mirror-lists';
import { recordEvent } from '../../events';
import { inTransaction, note, SyncProblem, type SyncSession, type WriteSession } from './session';

/** Fewer pairs than this prove nothing about an instance whose ids are all new. */
const ENOUGH_PAIRS = 5;

/** Refuses another application, or one of another shape, before anything is read. */
export async function checkApplication(session: SyncSession): Promise<void> {
	const { connector, instance } = session;
	const sameApplication = connector.application === null || connector.application === instance.application;
	if (sameApplication && (connector.shape === null || connector.shape === instance.shape)) return;
	await refuse(session, {
		expected: { application: connector.application, version: connector.version },
		found: { application: instance.application, version: instance.version, name: instance.instanceName },
	});
}

/** More than half of the ids we know stand for something else: another instance answers. */
export function isOtherInstance({ same, different, mirrored, listed }: Pairs): boolean {
	if (same + different === 0) return listed > 0 && mirrored >= ENOUGH_PAIRS;
	return different > same;
}

/** Compares the staged list with the mirror; asks the user and stops if it is another instance's. */
export async function checkPairs(session: SyncSession, sql: SQL, pairs: Pairs): Promise<void> {
	const { ctx, connector } = session;
	if (!isOtherInstance(pairs)) {
		await withdrawQuestion(sql, connector.id, 'other_instance', ctx.clock.date());
		return;
	}
	if (await isAccepted(sql, connector.id, 'other_instance')) {
		await useAcceptance(sql, connector.id, 'other_instance');
		return;
	}
	await refuse(session, { known: pairs.mirrored, same: pairs.same, different: pairs.different });
}

async function refuse(session: SyncSession, detail: Record<string, unknown>): Promise<never> {
	await inTransaction(session.ctx.bulk, (tx) => ask(session, tx, 'other_instance', detail));
	throw new SyncProblem(
		'other_instance',
		`Another instance seems to answer at the address of ${session.connector.name}. Nothing was changed.`,
	);
}

const QUESTIONS: Record<SyncQuestion, string> = {
	other_instance: 'answers like another instance',
	shrink: 'lost a large part of its library',
	shrink_episodes: 'lost many episodes of a series at once',
};

/** Puts a question to the user, and tells of it once. */
export async function ask(
	session: WriteSession,
	tx: SQL,
	kind: SyncQuestion,
	detail: Record<string, unknown>,
): Promise<void> {
	const { connector, ctx } = session;
	const isNew = await askQuestion(tx, connector.id, kind, detail, ctx.clock.date());
	note(session.detail.questions, kind);
	if (!isNew) return;
	await recordEvent(drizzleOn(tx), {
		at: ctx.clock.date(),
		type: 'connector.question',
		severity: 'warning',
		connector,
		message: `${connector.name} ${QUESTIONS[kind]}. Is that right?`,
		data: { kind, ...detail },
	});
}

/** Asks who answers again: it must be the one that answered first. */
export async function confirmInstance(session: SyncSession): Promise<void> {
	const now = await session.client.status(session.options.signal);
	if (isSame(session.instance, now)) return;
	throw new SyncProblem(
		'instance_changed',
		`While ${session.connector.name} was read, another instance began to answer at its address. What it said was not used.`,
	);
}

function isSame(before: Instance, now: Instance): boolean {
	if (before.application !== now.application || before.shape !== now.shape) return false;
	return JSON.stringify(sorted(before.fingerprint)) === JSON.stringify(sorted(now.fingerprint));
}

const sorted = (facts: Record<string, string>): [string, string][] =>
	Object.entries(facts).sort(([a], [b]) => a.localeCompare(b));

/** Commits a unit of work, passing the named points of the crash tests. */
export async function commitUnit<T>(sql: SQL, work: (tx: SQL) => Promise<T>): Promise<T> {
	await checkpoint('sync.staged');
	const result = await inTransaction(sql, async (tx) => {
		const done = await work(tx);
		await checkpoint('sync.before_commit');
		return done;
	});
	await checkpoint('sync.after_commit');
	return result;
}
