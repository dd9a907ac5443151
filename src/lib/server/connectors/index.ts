/** What the rest of the product uses of the *arr connectors. */
export { createArrClient, type ArrClientOptions } from './registry';
export { testConnection, type ProbeOptions, type ProbeProblem, type ProbeResult } from './common/probe';
export { ArrError, isArrError, type ArrErrorCode, type Decision, type Sent } from './common/errors';
export { isSameAddress } from './common/address';
export type { TlsSettings } from './common/http';
