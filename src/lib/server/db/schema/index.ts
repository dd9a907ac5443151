/** The whole database schema, by domain. */
export * from './connectors';
export * from './mirror';
export * from './search';
export * from './system';
