// Delivery of webhooks: one try, in order, answered by every receiver before the application goes on; back-off after
// five minutes of failing.
import type { App } from '../app.ts';
import type { JsonObject } from '../json.ts';
import type { Process } from '../process.ts';
import type { Download, DownloadClient, Episode, MediaFile, Notification, Release } from '../state/model.ts';
import { STEPS } from '../search/indexers.ts';
import { payloadOf } from './payload.ts';

export type WebhookEvent =
	| 'Test'
	| 'Grab'
	| 'Download'
	| 'ImportComplete'
	| 'FileDelete'
	| 'Added'
	| 'Deleted'
	| 'Health'
	| 'HealthRestored'
	| 'ManualInteractionRequired'
	| 'ApplicationUpdate';

export interface WebhookSubject {
	release?: Release;
	download?: Download;
	client?: DownloadClient;
	episode?: Episode;
	file?: MediaFile;
	deleted?: MediaFile | undefined;
	reason?: 'missingFromDisk' | 'manual' | 'upgrade';
	ownerId?: number;
	owner?: JsonObject;
	health?: { source: string; type: string; message: string; wikiUrl: string };
	versions?: [string, string];
}

export interface Delivery {
	at: number;
	notificationId: number;
	event: string;
	status: number | null;
	dropped: boolean;
}

const HOUR_STEP = 5;
const FIVE_MINUTES = 5 * 60_000;
const TIMEOUT = 20_000;

export class Webhooks {
	readonly deliveries: Delivery[] = [];

	constructor(private readonly app: App) {}

	*send(event: WebhookEvent, subject: WebhookSubject): Process {
		for (const notification of this.app.store.notifications.values()) {
			if (!this.listens(notification, event, subject)) continue;
			if (this.isBlocked(notification)) {
				this.note(notification, event, null, true);
				continue;
			}
			if (notification.slowSeconds > 0) yield notification.slowSeconds * 1000;
			yield this.deliver(notification, event, payloadOf(this.app, event, subject));
		}
	}

	/** One request; resolves to the status, or null without an answer. */
	async deliver(notification: Notification, event: string, payload: JsonObject): Promise<number | null> {
		const status = await this.post(notification, payload);
		this.note(notification, event, status, false);
		if (status !== null && status < 400) this.succeeded(notification);
		else this.failed(notification);
		return status;
	}

	async post(notification: Notification, payload: JsonObject): Promise<number | null> {
		const headers: Record<string, string> = {
			'user-agent': `${this.app.traits.appName}/${this.app.version} (linux 6.1)`,
			accept: 'application/json',
			'content-type': 'application/json',
		};
		if (notification.username !== null || notification.password !== null) {
			const pair = `${notification.username ?? ''}:${notification.password ?? ''}`;
			headers.authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
		}
		if (this.app.traits.webhookHeaders)
			for (const { key, value } of notification.headers) headers[key] = value;
		try {
			const response = await fetch(notification.url, {
				method: notification.method,
				headers,
				body: JSON.stringify(payload, null, 2),
				redirect: 'manual',
				signal: AbortSignal.timeout(TIMEOUT),
			});
			await response.arrayBuffer();
			return response.status;
		} catch {
			return null;
		}
	}

	private note(notification: Notification, event: string, status: number | null, dropped: boolean): void {
		const at = this.app.clock.now();
		this.deliveries.push({ at, notificationId: notification.id, event, status, dropped });
	}

	private isBlocked(notification: Notification): boolean {
		return notification.blockedUntil !== null && notification.blockedUntil > this.app.clock.now();
	}

	private succeeded(notification: Notification): void {
		const wasFailing = notification.level > 0;
		Object.assign(notification, { failingSince: null, level: 0, blockedUntil: null });
		if (wasFailing) this.app.health.notificationsChanged();
	}

	private failed(notification: Notification): void {
		const now = this.app.clock.now();
		notification.failingSince ??= now;
		if (now - notification.failingSince <= FIVE_MINUTES) return;
		notification.level = Math.min(HOUR_STEP, notification.level + 1);
		notification.blockedUntil = now + (STEPS[notification.level] ?? 0);
		this.app.health.notificationsChanged();
	}

	private listens(notification: Notification, event: WebhookEvent, subject: WebhookSubject): boolean {
		const on = (name: string) => notification.switches[name] === true;
		const isSeries = this.app.traits.shape === 'series';
		if (notification.tags.length > 0 && !this.tagsMeet(notification, subject)) return false;
		switch (event) {
			case 'Test':
				return true;
			case 'Grab':
				return on('onGrab');
			case 'Download':
				return on('onDownload') && (subject.deleted === undefined || on('onUpgrade'));
			case 'ImportComplete':
				return on('onImportComplete');
			case 'FileDelete': {
				const name = isSeries ? 'onEpisodeFileDelete' : 'onMovieFileDelete';
				return on(name) && (subject.reason !== 'upgrade' || on(`${name}ForUpgrade`));
			}
			case 'Added':
				return on(isSeries ? 'onSeriesAdd' : 'onMovieAdded');
			case 'Deleted':
				return on(isSeries ? 'onSeriesDelete' : 'onMovieDelete');
			case 'Health':
				return on('onHealthIssue') && (subject.health?.type !== 'warning' || on('includeHealthWarnings'));
			case 'HealthRestored':
				return on('onHealthRestored') && (subject.health?.type !== 'warning' || on('includeHealthWarnings'));
			case 'ManualInteractionRequired':
				return on('onManualInteractionRequired');
			case 'ApplicationUpdate':
				return on('onApplicationUpdate');
		}
	}

	private tagsMeet(notification: Notification, subject: WebhookSubject): boolean {
		const { store } = this.app;
		const id = subject.ownerId ?? subject.release?.seriesId ?? 0;
		const owner = store.series.get(id) ?? store.movies.get(subject.release?.movieId ?? id);
		if (subject.health !== undefined || subject.versions !== undefined) return true;
		return notification.tags.some((tag) => owner?.tags.includes(tag) === true);
	}
}
