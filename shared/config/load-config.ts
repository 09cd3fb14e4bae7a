import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigError } from '../errors.ts';
import { type Config, configSchema } from './schema.ts';

/** Loads and checks a config file (`.ts`, or `.json` with secrets as `{"secret": "name"}`). Throws ConfigError naming each path and rule. */
export async function loadConfig(path = 'ringback.config.ts'): Promise<Config> {
  const file = resolve(path);
  let input: unknown;
  try {
    input = file.endsWith('.json')
      ? JSON.parse(await readFile(file, 'utf8'))
      : (await import(pathToFileURL(file).href)).default;
  } catch (error) {
    throw new ConfigError(`cannot read ${path}: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
  return parseConfig(input, path);
}

/** Checks a config. Throws ConfigError naming each path and rule. */
export function parseConfig(input: unknown, file = 'ringback.config.ts'): Config {
  const result = configSchema.safeParse(input);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => `  ${issue.path.join('.') || '(the whole)'}: ${issue.message}`);
  throw new ConfigError(`${file} is wrong:\n${lines.join('\n')}`, { cause: result.error });
}
