/** Discovery: what is wanted, and why something is not. */
export { discover, type DiscoveryHooks, type DiscoveryReport } from './discover';
export { whyNotWanted } from './why';
