// What the fake writes down, and how requests are held and the application restarted.
import type { Json } from '../json.ts';
import type { FaultKind } from './outcomes.ts';
import type { Allowed } from './verdicts.ts';

export interface RequestLog {
	order: number;
	at: number;
	realAt: number;
	method: string;
	path: string;
	/** As sent, with the query. */
	target: string;
	query: Record<string, string[]>;
	headers: Record<string, string>;
	status: number | null;
	bytes: number;
	fault: FaultKind | null;
}

export interface ReceivedCommand {
	at: number;
	realAt: number;
	body: Json;
	headers: Record<string, string>;
	name: string;
	/** null where it was refused. */
	commandId: number | null;
	merged: boolean;
	status: number;
	/** Whether this search was allowed, as it was right before it was taken up; null for other commands. */
	allowed: Allowed | null;
}

export interface IndexerRequest {
	at: number;
	kind: 'search' | 'rss' | 'fetch' | 'test';
	query: string;
	ok: boolean;
	searchId: number | null;
}

export interface IndexerSearch {
	id: number;
	at: number;
	commandId: number | null;
	/** What was asked for, as in the progress message. */
	label: string;
	episodeIds: number[];
	movieId: number | null;
	interactive: boolean;
	requests: number;
}

export interface IndexerReport {
	id: number;
	name: string;
	/** In units: one per indexer search that reached it. */
	units: number;
	searches: IndexerSearch[];
	requests: IndexerRequest[];
}

export interface HoldSetup {
	path: string;
	method?: string;
	/** `request`: before the application sees it; `answer`: done, but not answered (default). */
	at?: 'request' | 'answer';
	times?: number;
}

export interface RestartOptions {
	/** Virtual time for which connections are refused (0: up again before the call returns). */
	downMs?: number;
	/** Virtual time in which dead commands still read `started` (default 100). */
	settleMs?: number;
	/** The command table is lost, as after a restored backup. */
	loseCommands?: boolean;
	/** The application comes back as another version. */
	version?: string;
}

export interface WebhookDelivery {
	at: number;
	notificationId: number;
	event: string;
	status: number | null;
	dropped: boolean;
}
