import type { Config } from './schema.ts';

declare const RINGBACK_CONFIG: Config;

/** The checked config of this deployment; infra/bundle.ts writes it into each bundle in place of the name. */
export const compiledConfig: Config = RINGBACK_CONFIG;
