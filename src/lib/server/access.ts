// stub, replaced below
export type Actor = { kind: 'session' };
