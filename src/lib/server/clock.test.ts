// The three clocks: waits, order, jumps, and standing still while real work runs.
import { afterEach, expect, test, vi } from 'vitest';
import { scaledClock, systemClock, virtualClock } from './clock';

const start = Date.UTC(2026, 0, 1);
const minute = 60_000;

afterEach(() => {
	vi.useRealTimers();
});

test('a virtual clock moves from timer to timer, in order', async () => {
	const clock = virtualClock(start);
	const seen: string[] = [];
	clock.setTimeout(() => seen.push(`late ${clock.now() - start}`), 30);
	clock.setTimeout(() => seen.push(`early ${clock.now() - start}`), 10);
	clock.setTimeout(() => seen.push(`as early ${clock.now() - start}`), 10);
	const never = clock.setTimeout(() => seen.push('never'), 20);
	never.cancel();
	await clock.advance(25);
	expect(seen).toEqual(['early 10', 'as early 10']);
	expect(clock.now()).toBe(start + 25);
	expect(clock.nextTimerAt()).toBe(start + 30);
	await clock.advance(5);
	expect(seen.at(-1)).toBe('late 30');
	expect(clock.nextTimerAt()).toBeUndefined();
});

test('timers set while moving fire in the same advance, a sleeping loop included', async () => {
	const clock = virtualClock(start);
	const ticks: number[] = [];
	const loop = async (): Promise<void> => {
		for (;;) {
			await clock.sleep(minute);
			ticks.push(clock.now() - start);
		}
	};
	void loop();
	await clock.advance(3 * minute);
	expect(ticks).toEqual([minute, 2 * minute, 3 * minute]);
});

test('it stands still while marked work runs, and goes on with what that started', async () => {
	const clock = virtualClock(start);
	const log: string[] = [];
	const request = (): Promise<void> => clock.busy(new Promise((done) => setTimeout(done, 20)), 'request');
	const task = async (): Promise<void> => {
		await clock.sleep(10);
		await request();
		log.push(`answered at ${clock.now() - start}`);
		await request();
		await clock.sleep(5);
		log.push(`ended at ${clock.now() - start}`);
	};
	void task();
	clock.setTimeout(() => log.push('timer at 12'), 12);
	await clock.advance(100);
	expect(log).toEqual(['answered at 10', 'timer at 12', 'ended at 15']);
});

test('work that holds the clock for ever is named', async () => {
	const clock = virtualClock(start, { holdLimitMs: 20 });
	void clock.busy(new Promise(() => undefined), 'a query');
	await expect(clock.advance(1)).rejects.toThrow('a query');
});

test('the fakes are moved before the clock is', async () => {
	const moves: number[] = [];
	const clock = virtualClock(start, { beforeFire: async (t) => void moves.push(t - start) });
	const at: number[] = [];
	clock.setTimeout(() => at.push(moves.length), 10);
	await clock.advance(30);
	expect(moves).toEqual([10, 30]);
	expect(at).toEqual([1]);
});

test('an aborted sleep rejects with the reason and leaves no timer', async () => {
	const clock = virtualClock(start);
	const abort = new AbortController();
	const sleep = clock.sleep(minute, abort.signal);
	abort.abort(new Error('enough'));
	await expect(sleep).rejects.toThrow('enough');
	await expect(clock.sleep(1, abort.signal)).rejects.toThrow('enough');
	expect(clock.nextTimerAt()).toBeUndefined();
});

test('a jump brings no timer nearer and is told from 5 minutes on', async () => {
	const clock = virtualClock(start);
	const jumps: number[] = [];
	const forget = clock.onJump((by) => jumps.push(by));
	let fired = false;
	clock.setTimeout(() => (fired = true), minute);
	clock.jump(4 * minute);
	clock.jump(60 * minute);
	expect(jumps).toEqual([60 * minute]);
	await clock.advance(minute - 1);
	expect(fired).toBe(false);
	await clock.advance(1);
	expect(fired).toBe(true);
	forget();
	clock.jump(60 * minute);
	expect(jumps).toHaveLength(1);
});

test('the system clock tells a jump of the wall clock, in both directions', () => {
	vi.useFakeTimers();
	let wall = start;
	let monotonic = 0;
	const clock = systemClock({ wall: () => wall, monotonic: () => monotonic });
	const jumps: number[] = [];
	const forget = clock.onJump((by) => jumps.push(by));
	const pass = (ms: number, jump = 0): void => {
		monotonic += ms;
		wall += ms + jump;
		vi.advanceTimersByTime(ms);
	};
	pass(minute);
	pass(minute, 4 * minute);
	expect(jumps).toEqual([]);
	pass(minute, 2 * 60 * minute);
	pass(minute, -60 * minute);
	expect(jumps).toEqual([2 * 60 * minute, -60 * minute]);
	forget();
	expect(vi.getTimerCount()).toBe(0);
});

test('the system clock waits longer than one timer of the platform can', () => {
	vi.useFakeTimers();
	const clock = systemClock();
	let fired = false;
	clock.setTimeout(() => (fired = true), 2 ** 31 + 1_000);
	vi.advanceTimersByTime(2 ** 31 - 1);
	expect(fired).toBe(false);
	vi.advanceTimersByTime(1_001);
	expect(fired).toBe(true);
});

test('a scaled clock runs at its rate and takes its timers along when that changes', async () => {
	const clock = scaledClock(1, start);
	const slept = clock.sleep(60 * minute);
	clock.setRate(1_000_000);
	await slept;
	expect(clock.now()).toBeGreaterThanOrEqual(start + 60 * minute);
	expect(() => clock.setRate(0)).toThrow(RangeError);
});
