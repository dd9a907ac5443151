// The one clock of all instances. Delayed things wait here; in manual mode time moves only when told to, and every
// due event has run, in order, before `set` returns.

export type ClockMode = 'manual' | 'real' | 'scaled';
type Run = () => void | Promise<void>;

export interface Timer {
	at: number;
	order: number;
	run: Run;
	cancelled: boolean;
}

const MAX_WAIT = 60_000;

export class Clock {
	private heap: Timer[] = [];
	private order = 0;
	private mode: ClockMode = 'manual';
	private current: number;
	private rate = 1;
	private realBase = 0;
	private eventTime: number | null = null;
	private waiting: ReturnType<typeof setTimeout> | null = null;
	private turn: Promise<unknown> = Promise.resolve();
	private readonly failures: unknown[] = [];

	constructor(start: number) {
		this.current = start;
	}

	now(): number {
		if (this.eventTime !== null) return this.eventTime;
		if (this.mode === 'manual') return this.current;
		return this.current + (performance.now() - this.realBase) * this.rate;
	}

	getMode(): ClockMode {
		return this.mode;
	}

	at(time: number, run: Run): Timer {
		const timer: Timer = { at: Math.max(time, this.now()), order: this.order++, run, cancelled: false };
		this.push(timer);
		if (this.mode !== 'manual' && this.heap[0] === timer) this.wake();
		return timer;
	}

	after(delay: number, run: Run): Timer {
		return this.at(this.now() + delay, run);
	}

	/** Moves manual time forward to `time` and runs everything due on the way. */
	set(time: number): Promise<number> {
		const done = this.turn.then(() => this.runUntil(time));
		this.turn = done.catch(() => undefined);
		return done;
	}

	/** Lets everything that is due now run, without moving time. */
	settle(): Promise<number> {
		return this.set(this.now());
	}

	/** Rate 0 is manual, 1 real, anything else scaled. */
	setRate(rate: number): void {
		this.current = this.now();
		this.rate = rate;
		this.mode = rate === 0 ? 'manual' : rate === 1 ? 'real' : 'scaled';
		this.realBase = performance.now();
		if (this.mode !== 'manual') this.wake();
	}

	/** Jumps a real clock to a moment, for instance the wall clock. */
	rebase(time: number): void {
		this.current = Math.max(time, this.now());
		this.realBase = performance.now();
	}

	pending(): number {
		return this.heap.length;
	}

	private async runUntil(time: number): Promise<number> {
		if (this.mode !== 'manual') throw new Error('Time can be set in manual mode only');
		for (let timer = this.takeDue(time); timer !== null; timer = this.takeDue(time)) {
			this.current = Math.max(this.current, timer.at);
			await this.fire(timer);
		}
		this.current = Math.max(this.current, time);
		const failure = this.failures.shift();
		if (failure !== undefined) throw failure;
		return this.current;
	}

	private async fire(timer: Timer): Promise<void> {
		try {
			await timer.run();
		} catch (error) {
			this.failures.push(error);
			console.error('An event of the fake failed', error);
		}
	}

	private wake(): void {
		if (this.waiting !== null) clearTimeout(this.waiting);
		this.waiting = null;
		const next = this.heap[0];
		if (this.mode === 'manual' || next === undefined) return;
		const wait = Math.min(MAX_WAIT, Math.max(0, (next.at - this.now()) / this.rate));
		this.waiting = setTimeout(() => this.pump(), wait);
	}

	private pump(): void {
		if (this.mode === 'manual') return;
		const until = this.now();
		const stop = performance.now() + 20;
		for (let timer = this.takeDue(until); timer !== null; timer = this.takeDue(until)) {
			this.eventTime = timer.at;
			void this.fire(timer);
			this.eventTime = null;
			if (performance.now() > stop) break;
		}
		this.wake();
	}

	private takeDue(time: number): Timer | null {
		for (;;) {
			const top = this.heap[0];
			if (top === undefined || top.at > time) return null;
			this.pop();
			if (!top.cancelled) return top;
		}
	}

	private before(a: Timer, b: Timer): boolean {
		return a.at < b.at || (a.at === b.at && a.order < b.order);
	}

	private push(timer: Timer): void {
		const heap = this.heap;
		heap.push(timer);
		let i = heap.length - 1;
		while (i > 0) {
			const up = (i - 1) >> 1;
			const parent = heap[up] as Timer;
			if (!this.before(timer, parent)) break;
			heap[i] = parent;
			i = up;
		}
		heap[i] = timer;
	}

	private pop(): void {
		const heap = this.heap;
		const last = heap.pop();
		if (last === undefined || heap.length === 0) return;
		let i = 0;
		for (;;) {
			let child = 2 * i + 1;
			if (child >= heap.length) break;
			const right = heap[child + 1];
			if (right !== undefined && this.before(right, heap[child] as Timer)) child++;
			const small = heap[child] as Timer;
			if (!this.before(small, last)) break;
			heap[i] = small;
			i = child;
		}
		heap[i] = last;
	}
}
