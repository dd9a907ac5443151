/**
 * What pages are fed with: plain records that a named read fills and a component shows. Browser-safe; instants are
 * `Date`; words stay words (the pages make sentences of them, in the user's locale and zone).
 *
 * The reads live in `src/lib/server/views/*.ts`; each takes `ctx: AppContext` first:
 *
 * | file | function |
 * | --- | --- |
 * | `shell.ts` | `readShell(ctx): Promise<ShellView>` (on every page: keep it below 5 ms) |
 * | `dashboard.ts` | `readDashboard(ctx, scope: Scope): Promise<DashboardView>` |
 * | `items.ts` | `listWanted(ctx, filter: ItemFilter): Promise<Page<ItemRow>>`, `listContent(ctx, filter: ItemFilter): Promise<Page<ItemRow>>`, `countWanted(ctx, scope: Scope): Promise<WantedCounts>`, `readItem(ctx, ref: ItemRef): Promise<ItemDetail \| null>` |
 * | `season.ts` | `readSeason(ctx, id: number): Promise<SeasonDetail \| null>` |
 * | `queue.ts` | `readQueue(ctx, scope: Scope, limit: number): Promise<QueueView>` |
 * | `activity.ts` | `listDispatchViews(ctx, filter: DispatchFilter): Promise<Page<DispatchView>>`, `listEventViews(ctx, filter: EventFilter): Promise<Page<EventView>>` |
 * | `connectors.ts` | `listConnectorViews(ctx, scope: Scope): Promise<ConnectorView[]>`, `readConnectorDetail(ctx, id: number): Promise<ConnectorDetail \| null>` |
 *
 * `plan.ts` has `readPlan(ctx, scope: Scope, limit: number)`: what the planner would send next.
 */
export * from './connectors';
export * from './dashboard';
export * from './items';
export * from './searches';
export * from './shared';
