/**
 * Numbers, dates and durations as people read them: one module, in the locale and zone of the user. A `Format` is
 * made per request and handed down by context; nothing here reads a clock.
 */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SHORT_FROM = 100_000;

export interface FormatOptions {
	locale: string;
	timeZone: string;
	/** null: as the locale has it. */
	hour12: boolean | null;
}

export class Format {
	readonly options: FormatOptions;
	readonly #clock: Intl.DateTimeFormat;
	readonly #weekday: Intl.DateTimeFormat;
	readonly #day: Intl.DateTimeFormat;
	readonly #dayYear: Intl.DateTimeFormat;
	readonly #dateKey: Intl.DateTimeFormat;
	readonly #full: Intl.DateTimeFormat;
	readonly #number: Intl.NumberFormat;

	constructor(options: FormatOptions) {
		this.options = options;
		const { locale, timeZone } = options;
		const make = (parts: Intl.DateTimeFormatOptions) =>
			new Intl.DateTimeFormat(locale, { timeZone, ...parts });
		const hours = options.hour12 === null ? {} : { hour12: options.hour12 };
		const twelve = make({ hour: 'numeric', ...hours }).resolvedOptions().hour12 === true;
		this.#clock = make({ hour: twelve ? 'numeric' : '2-digit', minute: '2-digit', ...hours });
		this.#weekday = make({ weekday: 'short' });
		this.#day = make({ month: 'short', day: 'numeric' });
		this.#dayYear = make({ month: 'short', day: 'numeric', year: 'numeric' });
		this.#dateKey = new Intl.DateTimeFormat('en-CA', { timeZone });
		this.#full = make({ dateStyle: 'full', timeStyle: 'long', ...hours });
		this.#number = new Intl.NumberFormat(locale);
	}

	/** 1,498; unknown is a dash, never 0. */
	count(value: number | null | undefined): string {
		return value === null || value === undefined ? '–' : this.#number.format(value);
	}

	/** 1,498 but 128k, for tiles and navigation; the full number belongs into the title. */
	short(value: number | null | undefined): string {
		if (value === null || value === undefined || value < SHORT_FROM) return this.count(value);
		if (value < 999_500) return `${this.count(Math.round(value / 1000))}k`;
		return `${this.count(Math.round(value / 100_000) / 10)}M`;
	}

	/** One decimal, rounded down: 100% only if it is exactly all. */
	percent(done: number, total: number): string {
		if (total <= 0) return '–';
		const value = done >= total ? 100 : Math.floor((done / total) * 1000) / 10;
		const text = new Intl.NumberFormat(this.options.locale, {
			minimumFractionDigits: value === 100 ? 0 : 1,
			maximumFractionDigits: 1,
		}).format(value);
		return `${text}%`;
	}

	ratio(used: number, limit: number): string {
		return `${this.count(used)} / ${this.count(limit)}`;
	}

	/** 14:38 */
	clock(at: Date): string {
		return this.#clock.format(at);
	}

	/** Nov 28, or Feb 3, 2027 in another year. */
	date(at: Date, now: Date): string {
		return this.#year(at) === this.#year(now) ? this.#day.format(at) : this.#dayYear.format(at);
	}

	/** Today 14:38; within 7 days Sat 14:10; this year Nov 28, 14:10; else Feb 3, 2027. */
	moment(at: Date, now: Date): string {
		if (this.sameDay(at, now)) return this.clock(at);
		// the same weekday a week away is not today's
		const near = Math.abs(at.getTime() - now.getTime()) < 7 * DAY;
		if (near && this.#weekday.format(at) !== this.#weekday.format(now))
			return `${this.#weekday.format(at)} ${this.clock(at)}`;
		if (this.#year(at) === this.#year(now)) return `${this.#day.format(at)}, ${this.clock(at)}`;
		return this.#dayYear.format(at);
	}

	/** For a sentence: Sat, Nov 28, 14:10; today only the clock time. */
	long(at: Date, now: Date): string {
		if (this.sameDay(at, now)) return this.clock(at);
		if (this.#year(at) !== this.#year(now)) return this.#dayYear.format(at);
		return `${this.#weekday.format(at)}, ${this.#day.format(at)}, ${this.clock(at)}`;
	}

	/** The whole truth, for a tooltip. */
	full(at: Date): string {
		return this.#full.format(at);
	}

	/** 38 s, 3 min ago, 2 h ago; from 24 h the date. */
	ago(at: Date, now: Date): string {
		const passed = Math.max(0, now.getTime() - at.getTime());
		if (passed < MINUTE) return `${String(Math.floor(passed / SECOND))} s ago`;
		if (passed < HOUR) return `${String(Math.floor(passed / MINUTE))} min ago`;
		if (passed < DAY) return `${String(Math.floor(passed / HOUR))} h ago`;
		return this.moment(at, now);
	}

	/** in 6 min; now, when it is past. */
	distance(at: Date, now: Date): string {
		const left = at.getTime() - now.getTime();
		return left <= 0 ? 'now' : `in ${this.duration(left)}`;
	}

	/** 38 s · 6 min · 1 h 11 min · 3 days · 4 months · 11 years */
	duration(ms: number): string {
		if (ms < MINUTE) return `${String(Math.max(0, Math.floor(ms / SECOND)))} s`;
		if (ms < HOUR) return `${String(Math.round(ms / MINUTE))} min`;
		if (ms < DAY) return hoursAndMinutes(ms);
		const days = Math.round(ms / DAY);
		if (days < 90) return plural(days, 'day');
		if (days < 730) return plural(Math.round(days / 30.4), 'month');
		return plural(Math.round(days / 365.25), 'year');
	}

	/** 2.1 GiB */
	size(bytes: number): string {
		const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
		const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
		const value = bytes / 1024 ** step;
		const digits = step === 0 || value >= 100 ? 0 : 1;
		const text = new Intl.NumberFormat(this.options.locale, { maximumFractionDigits: digits }).format(value);
		return `${text} ${units[step] ?? 'B'}`;
	}

	/** Heading of a day: Today, Yesterday, Sat, Nov 14. */
	dayName(at: Date, now: Date): string {
		if (this.sameDay(at, now)) return 'Today';
		if (this.sameDay(at, new Date(now.getTime() - DAY))) return 'Yesterday';
		return `${this.#weekday.format(at)}, ${this.date(at, now)}`;
	}

	sameDay(a: Date, b: Date): boolean {
		return this.#dateKey.format(a) === this.#dateKey.format(b);
	}

	#year(at: Date): string {
		return this.#dateKey.format(at).slice(0, 4);
	}
}

function hoursAndMinutes(ms: number): string {
	const minutes = Math.round(ms / MINUTE);
	const rest = minutes % 60;
	const hours = `${String(Math.floor(minutes / 60))} h`;
	return rest === 0 ? hours : `${hours} ${String(rest)} min`;
}

/** Instants that a sentence of the server carries (`2026-11-21 14:49 UTC`), written as the user reads them. */
export function withLocalTimes(text: string, format: Format, now: Date): string {
	return text.replace(
		/(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)(?::\d\d(?:\.\d+)?)? ?(?:UTC|Z)/g,
		(whole, day: string, time: string) => {
			const at = new Date(`${day}T${time}:00Z`);
			return Number.isNaN(at.getTime()) ? whole : format.long(at, now);
		},
	);
}

/** 1 gap, 2 gaps; irregular plurals are given. */
export function plural(count: number, one: string, many = `${one}s`): string {
	return `${new Intl.NumberFormat('en-US').format(count)} ${count === 1 ? one : many}`;
}

/** Sonarr, Radarr and Whisparr */
export const listed = (names: readonly string[]): string => new Intl.ListFormat('en-GB').format(names);

/** First, Second, … Tenth, then 11th. */
export function ordinal(position: number): string {
	const words = [
		'First',
		'Second',
		'Third',
		'Fourth',
		'Fifth',
		'Sixth',
		'Seventh',
		'Eighth',
		'Ninth',
		'Tenth',
	];
	const word = words[position - 1];
	if (word !== undefined) return word;
	const tail = position % 100 >= 11 && position % 100 <= 13 ? 0 : position % 10;
	return `${String(position)}${['th', 'st', 'nd', 'rd'][tail] ?? 'th'}`;
}
