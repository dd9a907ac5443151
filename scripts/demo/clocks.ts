// Two processes, one virtual time: the product's clock leads, the fakes' clock is set by it.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fakes } from '../../tests/fakes/arr/control.ts';
import type { DemoProduct } from './process.ts';

/** How far apart the clocks may be before they are brought together: real milliseconds. */
const TOLERANCE_MS = 25;

export class DemoClocks {
	constructor(
		private readonly product: DemoProduct,
		private readonly fakes: Fakes,
	) {}

	/** Sets the speed of both. */
	async setRate(rate: number): Promise<void> {
		await this.product.clock(rate);
		await this.join();
	}

	/** The fakes' clock takes the product's time and speed. It never goes back: where it is ahead, it waits. */
	async join(): Promise<void> {
		const ahead = await this.fakes.clock.rate(0);
		const { now, rate } = await this.product.clock();
		if (ahead > now) await sleep((ahead - now) / rate);
		const began = await this.product.clock();
		await this.fakes.clock.rate(began.rate, began.now);
	}

	/** Virtual milliseconds by which the fakes are ahead of the product, as well as can be told. */
	async difference(): Promise<{ ms: number; rate: number; now: number }> {
		const before = await this.product.clock();
		const fakes = await this.fakes.clock.now();
		const after = await this.product.clock();
		return { ms: fakes - (before.now + after.now) / 2, rate: after.rate, now: after.now };
	}

	/** Brings the clocks together again where they have drifted apart. */
	async correct(): Promise<void> {
		const { ms, rate } = await this.difference();
		if (Math.abs(ms) > TOLERANCE_MS * rate) await this.join();
	}
}
