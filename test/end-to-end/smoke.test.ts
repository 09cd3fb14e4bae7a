import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Host } from '../../infra/local/host.ts';
import { run } from '../cli/set-up.ts';
import { type Deployment, deploy } from './local-host.ts';

const form = { origins: ['https://acme.example'], call: ['sales'], track: ['copy'] };
const config = {
  accounts: {
    sales: { provider: 'callkeeper', unique: 'acme', whash: 'w1', apiak: { secret: 'callkeeper-sales' } },
    copy: { provider: 'calltouch', siteId: 1 },
  },
  forms: {
    callback: { ...form, name: 'Call me back' },
    smoke: { ...form, name: 'Smoke test', rehearse: true },
  },
};

let deployment: Deployment;
let host: Host;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringback-smoke-'));
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  deployment = await deploy(config);
  host = await deployment.start();
});
afterAll(async () => {
  await deployment.clean();
  await rm(folder, { recursive: true });
});

const smoke = (...args: string[]) =>
  run(['smoke', '--url', host.url, ...args], { RINGBACK_CONFIG: join(folder, 'config.json') });

test('a rehearsal goes through the deployment, rings nowhere and leaves nothing behind', async () => {
  const { code, stdout, stderr } = await smoke();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const words = 'PLACED (a rehearsal: the provider was not asked)';
  expect(stdout).toBe(`ok   rehearsal: sales ${words}, copy ${words}\n`);
  expect(host.simulatedProviders.flatMap(({ simulator }) => simulator.calls())).toEqual([]);
  const list = await fetch(`${host.url}/api/leads`, { headers: { authorization: 'Bearer local' } });
  expect(await list.json()).toEqual({ leads: [], cursor: null });
});

test('a form that would ring phones is refused', async () => {
  const { code, stderr } = await smoke('--form', 'callback');
  expect(code).toBe(1);
  expect(stderr).toContain('needs a form "callback" with rehearse: true');
});

test('doctor knows the deployment for its own', async () => {
  const env = { RINGBACK_CONFIG: join(folder, 'config.json') };
  const { code, stdout } = await run(['doctor', '--no-accounts', '--url', host.url], env);
  expect(stdout).toContain('ok   deployment accounts: has the accounts of the config: copy, sales\n');
  expect(code).toBe(0);
});
