/**
 * The present as the pages see it: the server's clock carried on second by second, and the user's way of writing
 * times. Made in the root layout and handed down by context, so that requests share nothing.
 */
import { getContext, setContext } from 'svelte';
import { Format, type FormatOptions } from '$lib/utils/format';

/** Its place in the context; tests put one there by themselves. */
export const PRESENT = Symbol('present');
const TICK_MS = 1000;

export class Present {
	// eslint-disable-next-line svelte/prefer-svelte-reactivity -- replaced whole, never changed
	#now = $state.raw(new Date(0));
	#format = $state.raw(new Format({ locale: 'en-US', timeZone: 'UTC', hour12: null }));
	#base = { server: 0, local: 0 };

	constructor(now: Date, options: FormatOptions) {
		this.#now = now;
		this.#format = new Format(options);
		this.#base = { server: now.getTime(), local: performance.now() };
	}

	get now(): Date {
		return this.#now;
	}

	get format(): Format {
		return this.#format;
	}

	/** A fresh answer of the server brought its time. */
	heard(now: Date): void {
		this.#base = { server: now.getTime(), local: performance.now() };
		this.#now = now;
	}

	/** The browser knows the user's locale and zone better than the server guessed. */
	writeAs(options: FormatOptions): void {
		this.#format = new Format(options);
	}

	/** Starts ticking; returns the stop. */
	run(): () => void {
		const timer = setInterval(() => {
			// eslint-disable-next-line svelte/prefer-svelte-reactivity -- replaced whole, never changed
			this.#now = new Date(this.#base.server + performance.now() - this.#base.local);
		}, TICK_MS);
		return () => clearInterval(timer);
	}
}

export const setPresent = (present: Present): Present => setContext(PRESENT, present);
export const usePresent = (): Present => getContext<Present>(PRESENT);
