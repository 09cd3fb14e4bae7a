import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { environments } from '#shared/config/environment.ts';
import { configInput } from './synthesized.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringback-app-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

type Run = { code: number | null; stderr: string };

/** Runs infra/app.ts on a config as the CDK command line does, into `<folder>/out`. */
async function synthesize(config: unknown, env: Record<string, string> = {}): Promise<Run> {
  const path = join(folder, 'ringback.config.json');
  await writeFile(path, JSON.stringify(config));
  const paths = { RINGBACK_CONFIG: path, CDK_OUTDIR: join(folder, 'out') };
  const child = spawn(process.execPath, ['infra/app.ts'], { env: { ...process.env, ...paths, ...env } });
  const exit = new Promise<number | null>((done) => child.on('close', done));
  const [code, stderr] = await Promise.all([exit, text(child.stderr)]);
  return { code, stderr };
}

test('a wrong config stops the synthesis with each path and rule, and no stack trace', async () => {
  const forms = { order: { name: 'Order', origins: ['acme.example'], call: ['nobody'] } };
  const { code, stderr } = await synthesize({ ...configInput, forms });
  expect(code).toBe(1);
  expect(stderr.split('\n').slice(1)).toEqual([
    '  forms.order.origins.0: must be an origin such as https://acme.example',
    '  forms.order.call.0: there is no account "nobody" in accounts',
    '',
  ]);
});

test('a receiver on this very machine may be tried out here, and is not deployed', async () => {
  const webhookTo = (url: string) => ({ provider: 'webhook', url, signingSecret: { secret: 'crm' } });
  const accounts = {
    ...configInput.accounts,
    plain: webhookTo('http://127.0.0.1:4000/leads'),
    own: webhookTo('https://localhost/leads'),
    inside: webhookTo('https://10.0.0.7/leads'),
    inside6: webhookTo('https://[fd00::7]/leads'),
    outside: webhookTo('https://crm.example/leads'),
  };
  const { code, stderr } = await synthesize({ ...configInput, accounts });
  expect(code).toBe(1);
  const lines = ['plain', 'own', 'inside', 'inside6'].map(
    (id) => `  accounts.${id}: url must be an https:// address on the public internet`,
  );
  expect(stderr.split('\n').slice(1)).toEqual([...lines, '']);
});

test('a bad stage stops the synthesis with the rule', async () => {
  const { code, stderr } = await synthesize(configInput, { CDK_CONTEXT_JSON: '{"stage": "PROD!"}' });
  expect(code).toBe(1);
  expect(stderr).toBe(
    'the context "stage" must be small letters, digits and hyphens (31 of them at most), such as prod\n',
  );
});

test('the assembly holds the code of every function, and no secret of this machine', async () => {
  const value = 'f3b1c09e-a-secret-value';
  const { code, stderr } = await synthesize(configInput, {
    CDK_CONTEXT_JSON: '{"stage": "prod"}',
    RINGBACK_SECRET_CALLKEEPER_SALES: value,
    RINGBACK_OPERATOR_TOKEN: value,
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });

  const out = join(folder, 'out');
  const template = JSON.parse(await readFile(join(out, 'ringback-prod.template.json'), 'utf8'));
  const resources: { Type: string; Metadata: Record<string, string> }[] = Object.values(template.Resources);
  const functions = resources.filter(({ Type }) => Type === 'AWS::Lambda::Function');
  expect(functions.length).toBeGreaterThanOrEqual(Object.keys(environments).length);
  for (const { Metadata } of functions) {
    expect(await readdir(join(out, Metadata['aws:asset:path'] ?? ''))).toEqual(['index.cjs']);
  }

  const files = (await readdir(out, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const contents = await Promise.all(files.map((entry) => readFile(join(entry.parentPath, entry.name), 'utf8')));
  expect(contents.filter((content) => content.includes(value))).toEqual([]);
  expect(contents.some((content) => content.includes('/ringback/prod/callkeeper-sales'))).toBe(true);
}, 60_000);
