// The moments at which lists of the whole library change by the passing of time alone: airings and releases.
import type { App } from '../app.ts';
import { availableFrom } from './rules.ts';

export class Moments {
	private of = -1;
	/** In order, each once. */
	private moments: number[] = [];

	constructor(private readonly app: App) {}

	/** How many of them have passed; one at which time stands counts as half. */
	passed(now: number): number {
		if (this.of !== this.app.store.version) this.collect();
		let low = 0;
		let high = this.moments.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((this.moments[middle] ?? Infinity) < now) low = middle + 1;
			else high = middle;
		}
		return this.moments[low] === now ? low + 0.5 : low;
	}

	private collect(): void {
		const { app } = this;
		this.of = app.store.version;
		const all: (number | null)[] = [];
		for (const episode of app.store.episodes.values()) all.push(episode.airs);
		for (const movie of app.store.movies.values()) all.push(availableFrom(app, movie));
		const moments = all.filter((moment) => moment !== null);
		this.moments = [...new Set(moments)].sort((a, b) => a - b);
	}
}
