import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listen } from '../support/listen.ts';
import { hidden, type Providers, run, runProcess, startProviders } from './set-up.ts';

let providers: Providers;
let folder: string;
beforeAll(async () => {
  providers = await startProviders();
  folder = await mkdtemp(join(tmpdir(), 'ringback-doctor-'));
});
afterAll(async () => {
  await providers.close();
  await rm(folder, { recursive: true });
});

async function doctor(env: Record<string, string> = {}) {
  const { code, stdout, stderr } = await run(['doctor'], { ...providers.env, ...env });
  for (const secret of hidden) expect(stdout + stderr).not.toContain(secret);
  return { code, stderr, lines: stdout.split('\n').slice(0, -1) };
}

test('each account and the clock have a line that says ok', async () => {
  const { code, stderr, lines } = await doctor();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const line of lines) expect(line).toMatch(/^ok {3}(main|off|touch|pozvonim|this-machine) [\w ]+: \S/);
  expect(new Set(lines.map((line) => line.split(' ')[3]))).toEqual(
    new Set(['main', 'off', 'touch', 'pozvonim', 'this-machine']),
  );
});

test('a widget, a site and the address that providers see have a line each', async () => {
  const { lines } = await doctor();
  expect(lines).toContainEqual(expect.stringMatching(/^ok {3}main widget: .*compare whash or walias/));
  expect(lines).toContainEqual(expect.stringMatching(/^ok {3}pozvonim site: the site 3001 is there/));
  expect(lines).toContainEqual(expect.stringMatching(/^ok {3}pozvonim widget: the site 3001 has a widget/));
  expect(lines).toContainEqual(expect.stringMatching(/^ok {3}this-machine egress: .*checkip.*--url checks/));
});

test('without variables it looks at simulators, and says so', async () => {
  const { code, stdout, stderr } = await runProcess(['doctor']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ok {3}callkeeper key: /m);
  expect(stderr).toContain('callkeeper is simulated');
});

test('a wrong key fails its account alone, with words on what to do', async () => {
  const { code, stderr, lines } = await doctor({ RINGBACK_SECRET_MAIN_KEY: 'f'.repeat(32) });
  expect({ code, stderr }).toEqual({ code: 1, stderr: '1 check failed.\n' });
  expect(lines.filter((line) => line.startsWith('FAIL'))).toEqual([
    expect.stringMatching(/^FAIL main key: Unknown user: compare apiak with the key/),
  ]);
  expect(lines).toContainEqual(expect.stringMatching(/^ok {3}pozvonim /));
});

test('a missing secret is a finding, and the other accounts are still looked at', async () => {
  const { code, lines } = await doctor({ RINGBACK_SECRET_MAIN_KEY: '', RINGBACK_SECRET_POZVONIM_KEY: '' });
  expect(code).toBe(1);
  expect(lines).toContain(
    'FAIL main connect: The secret "main-key" is not set: put its value into RINGBACK_SECRET_MAIN_KEY.',
  );
  expect(lines).toContainEqual(expect.stringMatching(/^FAIL pozvonim connect: .*RINGBACK_SECRET_POZVONIM_KEY/));
  expect(lines).toContainEqual(expect.stringMatching(/^ok {3}off key: /));
});

test('a bad origin is a finding of each of its accounts', async () => {
  const { code, lines } = await doctor({ CALLKEEPER_URL: 'api.callkeeper.ru' });
  expect(code).toBe(1);
  expect(lines.filter((line) => line.startsWith('FAIL'))).toEqual([
    'FAIL main connect: CALLKEEPER_URL must be an origin such as https://api.example',
    'FAIL off connect: CALLKEEPER_URL must be an origin such as https://api.example',
  ]);
});

test('a clock that is off is a finding', async () => {
  const server = createServer((_request, response) => {
    response.setHeader('date', new Date(Date.now() - 3_600_000).toUTCString());
    response.end('[{}]');
  });
  const { origin, close } = await listen(server);
  const { code, lines } = await doctor({ CALLKEEPER_URL: origin });
  await close();
  expect(code).toBe(1);
  expect(lines.at(-1)).toMatch(/^FAIL this-machine clock: 360\d s ahead of a provider's: let the system keep its time/);
});

describe('a deployment', () => {
  /** As much of the operator's API as doctor asks. */
  async function checkAgainst(answer: object, changes: object = {}) {
    const config = join(folder, 'config.json');
    await writeFile(config, JSON.stringify({ ...JSON.parse(await readFile(providers.config, 'utf8')), ...changes }));
    const server = createServer((request, response) => {
      const isAsked = request.url === '/api/accounts' && request.headers.authorization === 'Bearer local';
      response.writeHead(isAsked ? 200 : 401).end(JSON.stringify(answer));
    });
    const { origin, close } = await listen(server);
    const result = await run(['doctor', '--no-accounts', '--url', origin], {
      ...providers.env,
      RINGBACK_CONFIG: config,
    });
    await close();
    const lines = result.stdout.split('\n').filter((line) => line !== '' && !line.includes('this-machine clock'));
    return { code: result.code, lines };
  }
  const accounts = ['main', 'off', 'touch', 'pozvonim'].map((id) => ({ id, breaker: null }));

  test('that runs this config and is refused by nobody is fine, and its providers are not asked', async () => {
    const { code, lines } = await checkAgainst({ accounts, egress: { kind: 'none', address: null } });
    expect(code).toBe(0);
    expect(lines).toHaveLength(7);
    expect(lines).toContain('ok   deployment egress: none: providers see changing addresses and can authorise none');
  });

  test('says which accounts it avoids, and why', async () => {
    const breaker = { reason: 'Unauthorized host!', openedAt: '2026-11-22T09:00:00.000Z' };
    const [main, ...others] = accounts;
    const egress = { kind: 'none', address: null };
    const { code, lines } = await checkAgainst({ accounts: [{ ...main, breaker }, ...others], egress });
    // A deploy must not be taken back because a balance is empty.
    expect(code).toBe(0);
    expect(lines.filter((line) => line.includes('account main'))).toEqual([
      'ok   deployment account main: avoided since 2026-11-22T09:00:00.000Z: Unauthorized host!; mend it, then release it',
    ]);
  });

  test('of another config, another egress or another version has to be deployed', async () => {
    const other = await checkAgainst({ accounts: [], egress: { kind: 'nat-gateway', address: '192.0.2.1' } });
    expect(other.code).toBe(1);
    expect(other.lines.filter((line) => line.startsWith('FAIL'))).toEqual([
      'FAIL deployment accounts: has other accounts than the config (): deploy',
      'FAIL deployment egress: is nat-gateway, the config says none: deploy',
    ]);
    const { lines } = await checkAgainst({ accounts });
    expect(lines).toEqual(['FAIL deployment answer: it is another version of Ringback: deploy this one']);
  });

  test('has to have the address that the providers let in', async () => {
    const address = '203.0.113.7';
    const check = async (kind: string, address: string | null, authorisedAddresses: string[]) => {
      const config = { egress: kind, authorisedAddresses };
      const { code, lines } = await checkAgainst({ accounts, egress: { kind, address } }, config);
      return { code, line: lines.find((line) => line.includes(' egress: ')) };
    };
    expect(await check('nat-gateway', address, ['198.51.100.4', address])).toEqual({
      code: 0,
      line: `ok   deployment egress: nat-gateway: ${address}, which authorisedAddresses has`,
    });
    expect(await check('nat-instance', address, ['198.51.100.4'])).toEqual({
      code: 1,
      line: `FAIL deployment egress: nat-instance: calls leave from ${address}, and authorised is 198.51.100.4: authorise it at the providers, then put it into authorisedAddresses`,
    });
    expect(await check('nat-gateway', address, [])).toEqual({
      code: 0,
      line: `ok   deployment egress: nat-gateway: authorise ${address} at the providers, then put it into authorisedAddresses`,
    });
    expect(await check('none', null, [address])).toMatchObject({
      code: 1,
      line: expect.stringMatching(/^FAIL .*not 203/),
    });
    expect(await check('nat-gateway', null, [address])).toMatchObject({
      code: 0,
      line: expect.stringContaining('by hand'),
    });
  });

  test('that does not take the token, or is not there, is a finding', async () => {
    const { code, stdout } = await run(['doctor', '--no-accounts', '--url', 'http://127.0.0.1:9'], providers.env);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^FAIL deployment answer: Nothing usable came from http:\/\/127.0.0.1:9/m);
  });
});
