/** What the activity page reads. */
export { listDispatchViews } from './dispatches';
export { listEventViews } from './events';
