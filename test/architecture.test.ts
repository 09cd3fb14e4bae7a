import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

type Diagnostic = { category: string; message: string; location: { path: string } };

const rules = ['lint/style/noRestrictedImports', 'lint/style/noProcessEnv'];

/** What the project's own lint says about these two rules: `path: message` each, the path relative to the root. */
async function lint(root: string, ...paths: string[]): Promise<string[]> {
  const args = ['lint', '--reporter=json', '--max-diagnostics=none', '--vcs-enabled=false', ...paths];
  const output = await new Promise<string>((done, fail) => {
    execFile(resolve('node_modules/.bin/biome'), args, { cwd: root }, (error, stdout, stderr) =>
      stdout === '' ? fail(new Error(stderr, { cause: error })) : done(stdout),
    );
  });
  const { diagnostics } = JSON.parse(output) as { diagnostics: Diagnostic[] };
  const relevant = diagnostics.filter(({ category }) => rules.includes(category));
  return relevant.map(({ message, location }) => `${location.path}: ${message}`);
}

const above = 'shared imports neither functions nor infra, cli or tests.';
const provider = 'A provider imports no other provider.';
const ownFolder = 'A function imports its own folder and #shared.';
const byPath = 'infra knows functions by path only.';
const served = 'The command line imports shared and, of infra, what serves a simulator.';
const environment = "Don't use process.env.";
const zod = 'import * as z: the named import adds 356 kB to a bundle.';

const forbidden: [path: string, source: string, message: string][] = [
  ['shared/lead/a.ts', "export { a } from '../../functions/submit-form/submit-form.ts';", above],
  ['shared/lead/b.ts', "export type { A } from '../../infra/stack.ts';", above],
  ['shared/lead/c.ts', "export { App } from 'aws-cdk-lib';", above],
  ['shared/lead/d.ts', "import { z } from 'zod';\nexport const schema = z.string();", zod],
  ['shared/lead/e.ts', "export const stage = process.env['STAGE'];", environment],
  ['shared/providers/calltouch/a.ts', "export { a } from '../pozvonim/client.ts';", provider],
  ['shared/providers/calltouch/b.ts', "export { a } from '@aws-sdk/client-sqs';", 'A provider knows nothing of AWS.'],
  ['shared/providers/calltouch/c.ts', "export { a } from '../../../infra/stack.ts';", above],
  ['shared/providers/calltouch/d.ts', "export { z } from 'zod';", zod],
  ['functions/submit-form/a.ts', "export { a } from '../sweep-leads/sweep-leads.ts';", ownFolder],
  ['functions/submit-form/b.ts', "export const a = await import('../../infra/stack.ts');", ownFolder],
  ['functions/submit-form/c.ts', "export const stage = process.env['STAGE'];", environment],
  ['functions/submit-form/d.ts', "export { z } from 'zod';", zod],
  ['infra/a.ts', "export { a } from '../functions/submit-form/submit-form.ts';", byPath],
  ['cli/a.ts', "export { a } from '../functions/submit-form/submit-form.ts';", served],
  ['cli/b.ts', "export { a } from '../infra/stack.ts';", served],
  ['cli/commands/c.ts', "export { App } from 'aws-cdk-lib';", served],
  ['cli/commands/d.ts', "export const stage = process.env['STAGE'];", environment],
  ['infra/local/b.ts', "import { env } from 'node:process';\nexport const stage = env['STAGE'];", environment],
];

const allowed: [path: string, source: string][] = [
  ['shared/lead/ok.ts', "import * as z from 'zod';\nexport { a } from '../http/send.ts';\nexport { z };"],
  ['shared/providers/calltouch/ok.ts', "export { a } from '../exchange.ts';\nexport { b } from '../../http/send.ts';"],
  ['functions/submit-form/ok.ts', "export { a } from '#shared/lead/lead.ts';\nexport { b } from './fields.ts';"],
  ['functions/submit-form/handler.ts', "export const stage = process.env['STAGE'];"],
  ['cli/ok.ts', "export { a } from '../infra/local/simulators/serve.ts';\nexport { b } from '#shared/lead/lead.ts';"],
  ['cli/ringback.ts', "export const stage = process.env['STAGE'];"],
  ['infra/ok.ts', "export { a } from '#shared/lead/lead.ts';\nexport { App } from 'aws-cdk-lib';"],
];

describe('the direction of imports', () => {
  let root: string;
  let found: string[];

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'ringback-lint-'));
    await cp('biome.json', join(root, 'biome.json'));
    for (const [path, source] of [...forbidden, ...allowed]) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), `${source}\n`);
    }
    found = await lint(root);
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  test.each(forbidden)('%s may not hold: %s', (path, _source, message) => {
    expect(found.filter((line) => line.startsWith(`${path}:`))).toContain(`${path}: ${message}`);
  });

  test.each(allowed)('%s may hold: %s', (path) => {
    expect(found.filter((line) => line.startsWith(`${path}:`))).toEqual([]);
  });

  test('is kept by every file', async () => {
    expect(await lint('.', 'shared', 'functions', 'infra', 'cli')).toEqual([]);
  });
});
