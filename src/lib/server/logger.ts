export type Logger = object;
