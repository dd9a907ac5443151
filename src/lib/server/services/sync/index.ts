/**
 * Sync: keeps the content mirror equal to the application. `runSync` reads the library, `refreshItems` single items,
 * `readFacts` health, queue and settings.
 */
export { runSync, type SyncReport } from './run';
export { readFacts, type FactsOptions, type FactsReport } from './facts';
export { refreshItems, type RefreshReport, type RefreshScope } from './refresh';
export type { SyncDetail, SyncHooks, SyncOptions } from './session';
