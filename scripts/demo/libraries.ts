// The applications of the demo, what is in them, and what goes on in them.
import type { ConnectorKind, Mode } from '../../src/lib/domain/words.ts';
import type { ConnectorSettingsInput } from '../../src/lib/domain/settings.ts';
import type { FakeInstance, Fakes, InstanceOptions, Outcome } from '../../tests/fakes/arr/control.ts';

export interface DemoSite {
	name: string;
	kind: ConnectorKind;
	mode: Mode;
	settings: ConnectorSettingsInput;
	options: InstanceOptions;
}

const finds = { grabChance: 0.35, rejectChance: 0.25, failChance: 0.1, downloadMinutes: 25 };
const realistic = (more: object = {}) => ({ preset: 'realistic' as const, ...more });

export const SITES: readonly DemoSite[] = [
	{
		name: 'TV',
		kind: 'sonarr',
		mode: 'active',
		settings: { throttle: 'moderate', group: 'TV' },
		options: { kind: 'sonarr4', seed: 21, library: realistic(), searchDefault: finds },
	},
	{
		name: 'Films',
		kind: 'radarr',
		mode: 'active',
		settings: { throttle: 'moderate', group: 'Films' },
		options: { kind: 'radarr6', seed: 22, library: realistic({ movies: 180 }), searchDefault: finds },
	},
	{
		name: 'Films 4K',
		kind: 'radarr',
		mode: 'observe',
		settings: { group: 'Films' },
		options: { kind: 'radarr5', seed: 23, library: realistic({ movies: 40 }), searchDefault: finds },
	},
	{
		name: 'Sites',
		kind: 'whisparr',
		mode: 'active',
		settings: { group: 'Scenes' },
		options: { kind: 'whisparr2', seed: 24, library: realistic(), searchDefault: finds },
	},
	{
		name: 'Scenes',
		kind: 'whisparr',
		mode: 'active',
		settings: { group: 'Scenes' },
		options: { kind: 'whisparr3', seed: 25, library: realistic({ scenes: 240 }), searchDefault: finds },
	},
];

/** What some searches meet once, so that every outcome can be seen: by the place of the item in its library. */
const ODD: readonly Outcome[] = [
	{ kind: 'indexerErrors' },
	{ kind: 'delayed', minutes: 90 },
	{ kind: 'fails' },
	{ kind: 'noIndexer' },
	{ kind: 'grabThenManual' },
	{ kind: 'grabThenFail' },
];
const ONE_IN = 5;

/** Makes the application, with something odd waiting behind every fifth missing item. */
export async function createSite(fakes: Fakes, site: DemoSite): Promise<FakeInstance> {
	const fake = await fakes.create({ ...site.options, instanceName: site.name });
	const { items } = await fake.truth();
	const gaps = items.filter((item) => item.gap);
	for (let at = 0; at * ONE_IN < gaps.length; at += 1) {
		const item = gaps[at * ONE_IN];
		const outcome = ODD[at % ODD.length];
		if (item === undefined || outcome === undefined) continue;
		const target = item.kind === 'episode' ? { episodeId: item.arrId } : { movieId: item.arrId };
		await fake.script(target, outcome, { times: 1 });
	}
	return fake;
}
