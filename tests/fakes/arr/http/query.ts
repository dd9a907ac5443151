// Reading the query string as the applications bind it: names in any case, lists by repetition, 400 for what does not fit.
import type { Traits } from '../kinds.ts';
import { unbound } from './answer.ts';

const INT = /^-?\d+$/;

export class Query {
	private readonly values = new Map<string, string[]>();

	constructor(
		private readonly traits: Traits,
		readonly raw: string,
	) {
		for (const [name, value] of new URLSearchParams(raw)) {
			const known = this.values.get(name.toLowerCase());
			if (known === undefined) this.values.set(name.toLowerCase(), [value]);
			else known.push(value);
		}
	}

	has(name: string): boolean {
		return this.values.has(name.toLowerCase());
	}

	text(name: string): string | null {
		return this.values.get(name.toLowerCase())?.[0] ?? null;
	}

	int(name: string, forModel = ''): number | null {
		const value = this.text(name);
		return value === null || value === '' ? null : this.toInt(name, value, forModel);
	}

	ints(name: string): number[] | null {
		let values = this.values.get(name.toLowerCase());
		if (values === undefined) return null;
		if (this.traits.nancy) values = values.flatMap((value) => value.split(','));
		return values.map((value) => this.toInt(name, value, ''));
	}

	bool(name: string, fallback: boolean): boolean {
		const value = this.text(name);
		if (value === null || value === '') return fallback;
		const lower = value.toLowerCase();
		if (lower !== 'true' && lower !== 'false') throw this.wrong(name, value, '');
		return lower === 'true';
	}

	date(name: string): number | null {
		const value = this.text(name);
		if (value === null) return null;
		const ms = Date.parse(value);
		if (Number.isNaN(ms)) throw this.wrong(name, value, '');
		return ms;
	}

	wrong(name: string, value: string, forModel: string) {
		const suffix = forModel === '' ? '' : ` for ${forModel}`;
		return unbound(this.traits, { [name]: [`The value '${value}' is not valid${suffix}.`] });
	}

	asRecord(): Record<string, string[]> {
		return Object.fromEntries(this.values);
	}

	private toInt(name: string, value: string, forModel: string): number {
		const number = Number(value);
		if (!INT.test(value) || Math.abs(number) > 2_147_483_647) throw this.wrong(name, value, forModel);
		return number;
	}
}
