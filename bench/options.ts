// Sizes of the bench, from environment variables.
const number = (name: string, usual: number): number => {
	const given = Number(process.env[name] ?? Number.NaN);
	return Number.isFinite(given) && given > 0 ? given : usual;
};

const scale = number('BENCH_SCALE', 1);
const scaled = (name: string, full: number): number => Math.round(number(name, Math.max(1, full * scale)));

export const sizes = {
	scale,
	/** Series of the Sonarr that is synced; fifty episodes each, eight in ten with a file. */
	series: scaled('BENCH_SERIES', 10_000),
	/** Scenes of the Whisparr 3 that is synced. */
	scenes: scaled('BENCH_SCENES', 200_000),
	/** Episodes of the mirror in which is discovered, planned and listed; one in ten is missing. */
	episodes: scaled('BENCH_EPISODES', 1_000_000),
	/** How often each call, choice and claim is repeated. */
	calls: Math.round(number('BENCH_CALLS', scale < 0.1 ? 10 : 60)),
};

/** Virtual time begins here: same seed and same moment, same library. */
export const START = Date.UTC(2026, 5, 1, 6);
export const WEEK_MS = 7 * 86_400_000;
