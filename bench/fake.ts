// The application that is synced, and the bare loop over the same answers.
import { join } from 'node:path';
import * as v from 'valibot';
import { startFakes, type FakeInstance, type Fakes, type InstanceOptions } from '../tests/fakes/arr/control';
import { START } from './options';

export type Shape = 'series' | 'scenes';

export interface BenchFake {
	fakes: Fakes;
	fake: FakeInstance;
}

/** A large library in a process of its own, whose lists are rendered once. */
export async function startFake(options: InstanceOptions): Promise<BenchFake> {
	const fakes = await startFakes({ start: START });
	const fake = await fakes.create({ seed: 5, prerender: true, ...options });
	return { fakes, fake };
}

const bareSchema = v.object({ ms: v.number(), requests: v.number(), records: v.number() });

/** Runs the baseline in its own process. */
export async function bareLoop(
	{ fake }: BenchFake,
	shape: Shape,
	mode: 'full' | 'incremental',
): Promise<v.InferOutput<typeof bareSchema>> {
	const program = join(import.meta.dirname, 'bare.ts');
	const child = Bun.spawn([process.execPath, program, shape, mode, fake.url, fake.apiKey], {
		stderr: 'inherit',
	});
	const text = await new Response(child.stdout).text();
	if ((await child.exited) !== 0) throw new Error('The bare loop failed.');
	return v.parse(bareSchema, JSON.parse(text));
}
