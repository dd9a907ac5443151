// Requests that a test keeps waiting, so that it can kill the client at a known point.
import type { ServerResponse } from 'node:http';
import type { HoldSetup, RequestLog } from '../control/contract.ts';

interface Held {
	free: (send: boolean) => void;
}

interface Hold {
	id: number;
	setup: HoldSetup;
	left: number;
	held: Held[];
}

export class Holds {
	private readonly active: Hold[] = [];
	private ids = 0;
	private readonly watchers: (() => void)[] = [];

	add(setup: HoldSetup): number {
		const id = ++this.ids;
		this.active.push({ id, setup, left: setup.times ?? Infinity, held: [] });
		return id;
	}

	/** Number of requests waiting at a hold. */
	count(id: number): number {
		return this.active.find((hold) => hold.id === id)?.held.length ?? 0;
	}

	/** Resolves when at least `count` requests wait there, false after `timeoutMs` of real time. */
	async wait(id: number, count: number, timeoutMs: number): Promise<boolean> {
		const end = Date.now() + timeoutMs;
		while (this.count(id) < count) {
			const left = end - Date.now();
			if (left <= 0) return false;
			await new Promise<void>((resolve) => {
				const timer = setTimeout(resolve, left);
				this.watchers.push(() => {
					clearTimeout(timer);
					resolve();
				});
			});
		}
		return true;
	}

	/** Ends a hold: what waits is answered, or its connection is cut. */
	release(id: number, drop = false): number {
		const index = this.active.findIndex((hold) => hold.id === id);
		const [hold] = index < 0 ? [] : this.active.splice(index, 1);
		for (const held of hold?.held ?? []) held.free(!drop);
		return hold?.held.length ?? 0;
	}

	dropAll(): void {
		for (const hold of this.active) for (const held of hold.held.splice(0)) held.free(false);
	}

	/** False when the request must not go on. */
	async pass(at: 'request' | 'answer', entry: RequestLog, response: ServerResponse): Promise<boolean> {
		const hold = this.active.find((candidate) => this.fits(candidate, at, entry));
		if (hold === undefined) return !response.destroyed;
		hold.left--;
		const send = await new Promise<boolean>((resolve) => {
			hold.held.push({ free: resolve });
			for (const watcher of this.watchers.splice(0)) watcher();
		});
		if (!send) response.socket?.destroy();
		return send && !response.destroyed;
	}

	private fits(hold: Hold, at: 'request' | 'answer', entry: RequestLog): boolean {
		if (hold.left <= 0 || (hold.setup.at ?? 'answer') !== at) return false;
		if (hold.setup.method !== undefined && hold.setup.method !== entry.method) return false;
		return new RegExp(hold.setup.path, 'i').test(entry.target);
	}
}
