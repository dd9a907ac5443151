/**
 * The event outbox: an event is written in the transaction of the change it tells, so that none is lost and none is
 * told that did not happen. Readers (activity feed, live updates, notifications, analytics) keep their own cursors.
 */
import { inNameOf } from '$lib/domain/application';
import type { ConnectorKind, Severity } from '$lib/domain/words';
import type { DbOrTx } from './db/client';
import { events } from './db/schema';
import { currentContext } from './context';

/** The catalogue. A new event is one line here and its template where it is told. */
export const EVENT_TYPES = [
	'connector.added',
	'connector.changed',
	'connector.deleted',
	'connector.mode_changed',
	'connector.health_changed',
	'connector.question',
	'connector.answered',
	'connector.notice',
	'sync.completed',
	'sync.failed',
	'discovery.changed',
	'queue.filled',
	'queue.paused',
	'queue.resumed',
	'queue.removed',
	'queue.cleared',
	'queue.restored',
	'search.requested',
	'search.sent',
	'search.concluded',
	'search.returned',
	'search.postponed',
	'grab.found',
	'grab.imported',
	'grab.failed',
	'grab.vanished',
	'gate.closed',
	'gate.opened',
	'item.reset',
	'item.excluded',
	'item.included',
	'item.given_up',
	'item.exhausted',
	'access.login',
	'access.login_failed',
	'access.password_changed',
	'access.key_created',
	'access.key_revoked',
	'job.failed',
	'job.overrun',
	'system.started',
	'system.locked',
	'system.unlocked',
	'system.room_again',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

export interface EventInput {
	at: Date;
	type: EventType;
	severity?: Severity;
	/** With its kind, a general "the application" in the message gets the application's name. */
	connector?: { id: number; name: string; kind?: ConnectorKind } | null;
	episodeId?: number | null;
	movieId?: number | null;
	dispatchId?: string | null;
	/** Plain text for people. */
	message: string;
	data?: Record<string, unknown>;
}

const MESSAGE_LIMIT = 1000;

/** Writes one event into the outbox, in the caller's transaction. */
export async function recordEvent(tx: DbOrTx, event: EventInput): Promise<void> {
	const kind = event.connector?.kind;
	const message = kind === undefined ? event.message : inNameOf(event.message, kind);
	await tx.insert(events).values({
		at: event.at,
		type: event.type,
		severity: event.severity ?? 'info',
		connectorId: event.connector?.id ?? null,
		connectorName: event.connector?.name ?? null,
		episodeId: event.episodeId ?? null,
		movieId: event.movieId ?? null,
		dispatchId: event.dispatchId ?? null,
		message: message.slice(0, MESSAGE_LIMIT),
		data: event.data ?? {},
		correlationId: currentContext()?.correlationId ?? null,
	});
}
