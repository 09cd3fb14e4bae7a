import { ConfigError } from '../errors.ts';

/** Name of a deployment, part of the stack's name and of the secrets' path. Throws ConfigError; `option` is what the owner set it by. */
export function parseStage(stage: unknown, option: string): string {
  if (typeof stage === 'string' && /^[a-z][a-z0-9-]{0,30}$/.test(stage)) return stage;
  throw new ConfigError(`${option} must be small letters, digits and hyphens (31 of them at most), such as prod`);
}
