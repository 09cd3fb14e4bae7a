import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { listen } from '../support/listen.ts';
import { type Providers, runProcess, startProviders } from './set-up.ts';

type Parameter = { Name: string; Value: string; Type: string; Overwrite: boolean };

/** As much of SSM as the command uses; what it was asked is kept. */
function createSsm(stored: Map<string, Parameter>, asked: string[]) {
  return createServer(async (request, response) => {
    const action = String(request.headers['x-amz-target']).replace('AmazonSSM.', '');
    asked.push(action);
    const body = (await json(request)) as Parameter & { Names: string[] };
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    if (action === 'PutParameter') {
      stored.set(body.Name, body);
      return response.end('{"Version": 1}');
    }
    const InvalidParameters = body.Names.filter((name) => !stored.has(name));
    return response.end(JSON.stringify({ Parameters: [], InvalidParameters }));
  });
}

const stored = new Map<string, Parameter>();
const asked: string[] = [];
let providers: Providers;
let ssm: { origin: string; close(): Promise<void> };
beforeAll(async () => {
  providers = await startProviders();
  ssm = await listen(createSsm(stored, asked));
});
afterAll(() => Promise.all([providers.close(), ssm.close()]));
beforeEach(() => {
  stored.clear();
  asked.length = 0;
});

function secrets(args: string[], input?: string) {
  const aws = { AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
  const env = { ...aws, AWS_ENDPOINT_URL_SSM: ssm.origin, RINGBACK_CONFIG: providers.config };
  return runProcess(['secrets', ...args], env, input);
}

test('a secret goes from standard input into a SecureString of its stage, and is shown nowhere', async () => {
  const { code, stdout, stderr } = await secrets(['set', 'main-key', '--stage', 'prod'], 'a-value-nobody-sees\n');
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  expect([...stored.values()]).toEqual([
    { Name: '/ringback/prod/main-key', Value: 'a-value-nobody-sees', Type: 'SecureString', Overwrite: true },
  ]);
  expect(stderr).toContain('/ringback/prod/main-key');
  expect(stderr).not.toContain('a-value-nobody-sees');
});

test('a name that the config does not have, or no value, changes nothing', async () => {
  const unknown = await secrets(['set', 'main-kye'], 'value');
  expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('it has: calltouch-token, main-key,') });
  const empty = await secrets(['set', 'main-key'], '\n');
  expect(empty).toMatchObject({ code: 1, stderr: expect.stringContaining('Nothing came from standard input') });
  expect(asked).toEqual([]);
});

test.each(['../x', 'Prod', '', 'prod/other', 'prod '])(
  'a stage that no deployment can have, %j, asks nothing of SSM',
  async (stage) => {
    for (const args of [['set', 'main-key'], ['list']]) {
      const { code, stdout, stderr } = await secrets([...args, '--stage', stage], 'a-value-nobody-sees');
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/^--stage must be small letters, digits and hyphens/m);
      expect(stderr).not.toContain('a-value-nobody-sees');
    }
    expect(asked).toEqual([]);
  },
);

test.each(['operator-token', 'phone-key'])('a short %s, which could be guessed, changes nothing', async (name) => {
  const { code, stderr } = await secrets(['set', name], `${'x'.repeat(31)}\n`);
  expect({ code, asked }).toEqual({ code: 1, asked: [] });
  expect(stderr).toContain('openssl rand -hex 32');
  expect(await secrets(['set', name], `${'x'.repeat(32)}\n`)).toMatchObject({ code: 0 });
});

test('the list tells what is missing without reading a value', async () => {
  await secrets(['set', 'main-key', '--stage', 'prod'], 'value');
  const { code, stdout, stderr } = await secrets(['list', '--stage', 'prod']);
  expect(stdout.split('\n').slice(0, -1)).toEqual([
    'MISSING /ringback/prod/calltouch-token',
    'set     /ringback/prod/main-key',
    'MISSING /ringback/prod/off-key',
    'MISSING /ringback/prod/operator-token',
    'MISSING /ringback/prod/phone-key',
    'MISSING /ringback/prod/pozvonim-key',
  ]);
  expect({ code, stderr }).toEqual({ code: 1, stderr: '5 missing: ringback secrets set <name> --stage prod\n' });
});

test('without an answer from SSM it says what to look at', async () => {
  const env = { AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
  const nowhere = { ...env, AWS_ENDPOINT_URL_SSM: 'http://127.0.0.1:9', AWS_MAX_ATTEMPTS: '1' };
  const { code, stderr } = await runProcess(['secrets', 'list'], { ...nowhere, RINGBACK_CONFIG: providers.config });
  expect(code).toBe(1);
  expect(stderr).toContain('Are AWS credentials and region set?');
});
