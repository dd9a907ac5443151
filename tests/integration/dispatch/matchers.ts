// Matchers for parts of a value, typed so that they may stand in an expected object.
import { expect } from 'vitest';

export const containing = (text: string): unknown => expect.stringContaining(text);
export const listWith = (part: object): unknown => expect.arrayContaining([expect.objectContaining(part)]);
