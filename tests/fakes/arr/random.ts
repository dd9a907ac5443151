// Seeded chance: the same seed always gives the same library and the same life.

/** A hash of numbers into 32 bits; used where a value must follow from ids alone. */
export function hash(...values: number[]): number {
	let h = 0x811c9dc5;
	for (const value of values) {
		h ^= value | 0;
		h = Math.imul(h, 0x01000193);
		h ^= h >>> 15;
		h = Math.imul(h, 0x2c1b3c6d);
		h ^= h >>> 13;
	}
	return h >>> 0;
}

export function hashText(text: string): number {
	let h = 0x811c9dc5;
	for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
	return h >>> 0;
}

/** A number in [0, 1) that follows from its arguments. */
export function chance(...values: number[]): number {
	return hash(...values) / 0x1_0000_0000;
}

export function hex(length: number, ...values: number[]): string {
	let text = '';
	for (let i = 0; text.length < length; i++)
		text += hash(...values, i, 77)
			.toString(16)
			.padStart(8, '0');
	return text.slice(0, length);
}

/** A stream of chance for things that happen in the order of events. */
export class Random {
	private state: number;

	constructor(seed: number) {
		this.state = hash(seed, 1) || 1;
	}

	next(): number {
		this.state = (this.state + 0x6d2b79f5) | 0;
		let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000;
	}

	between(low: number, high: number): number {
		return low + this.next() * (high - low);
	}

	whole(low: number, high: number): number {
		return Math.floor(this.between(low, high + 1));
	}

	pick<T>(values: readonly T[]): T {
		const value = values[Math.floor(this.next() * values.length)];
		if (value === undefined) throw new Error('Nothing to pick from');
		return value;
	}
}
