// Time. One Clock is made in the composition root and handed down; nothing else reads or waits for time.
export type { Clock, JumpListener, TimerHandle } from './clock/types';
export { systemClock } from './clock/system';
export { virtualClock, type VirtualClock, type VirtualOptions } from './clock/virtual';
export { scaledClock, type ScaledClock } from './clock/scaled';
