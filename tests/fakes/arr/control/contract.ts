// What the control server and its client agree on, gathered from the modules beside it.
import type { JsonObject } from '../json.ts';

export type * from './changes.ts';
export type * from './logs.ts';
export type * from './options.ts';
export type * from './outcomes.ts';
export type * from './verdicts.ts';
export type { Kind, Runtime } from '../kinds.ts';
export type { Fate, IndexerAnswer } from '../state/model.ts';
export type { ProfileSetup } from '../state/profiles.ts';

export interface RpcRequest {
	method: string;
	instance?: string;
	params: JsonObject;
}
