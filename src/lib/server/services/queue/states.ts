/**
 * Search states: the only door to the search registry. Every move of the design has a named function; each is
 * conditional and tells whether it happened. In order of a target's life:
 *
 * - line:     `queueTargets`, `pinTarget`, `takeForSearch`, `takeOutOfLine`, `returnTarget`, `putBackInLine`, `wakeRested`, …
 * - season:   `coverSeason`, `releaseCovered`
 * - outcomes: `recordNothingFound`, `recordGrabbed`, … `recordDownloadFailed`
 * - scopes:   `resetScope`, `giveUpTargets`, `forgetGone`, `rebindTargets`, …
 */
export type { LineEntry, QueueRow, RegistryRow, TargetRef } from './states-moves';
export { giveBirth } from './states-moves';
export * from './states-line';
export * from './states-outcomes';
export * from './states-season';
export * from './states-scopes';
