import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listen } from '../support/listen.ts';
import { hidden, type Providers, run, runProcess, startProviders } from './set-up.ts';

let providers: Providers;
beforeAll(async () => {
  providers = await startProviders();
});
afterAll(() => providers.close());

const client = '79161112233';
const order = JSON.stringify({ client });

describe('as a process', () => {
  test('calls the origin that the variable names, where what was ordered is known afterwards', async () => {
    const ordered = await runProcess(['call', 'main', 'orderCall', '--json', order], providers.env);
    expect(ordered).toMatchObject({ code: 0, stderr: '' });
    const [{ id }] = JSON.parse(ordered.stdout);
    expect(providers.callkeeper.simulator.calls()).toMatchObject([{ id, client }]);
    const found = await runProcess(['call', 'main', 'getCallInfo', '--json', '-'], providers.env, `{"id_call": ${id}}`);
    expect(JSON.parse(found.stdout)).toMatchObject({ result: [{ id, phone2: client }] });
  });

  test('needs no host, no variable and no secret, and says then that the account is simulated', async () => {
    const { code, stdout, stderr } = await runProcess(['call', 'callkeeper', 'orderCall', '--json', order]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([{ client, status: 'success' }]);
    expect(stderr).toBe(
      'callkeeper is simulated: set CALLKEEPER_URL=https://api.callkeeper.ru to ask callkeeper itself.\n',
    );
  });

  test('does not wait for an input that nobody asked for', async () => {
    expect(await runProcess(['call', 'main', 'getUserInfo'], providers.env)).toMatchObject({ code: 0, stderr: '' });
  });

  test('leaves with 1 and the provider’s reason on stderr alone', async () => {
    const { code, stdout, stderr } = await runProcess(['call', 'off', 'orderCall', '--json', order], providers.env);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^callkeeper \(HTTP 710\): The widget is disabled\nThe account is at fault/);
  });
});

const apiError = (errorCode: number, errorMessage: string) =>
  JSON.stringify({ data: { apiErrorData: { errorCode, errorMessage } } });

describe('an error of the provider', () => {
  const failing = async (env: Record<string, string>, ...args: string[]) => {
    const result = await run(['call', ...args], { ...providers.env, ...env });
    expect(result).toMatchObject({ code: 1, stdout: '' });
    for (const secret of hidden) expect(result.stderr).not.toContain(secret);
    return result.stderr;
  };

  test.each([
    ['main', 'orderCall', '{"client": "12"}', /^callkeeper \(HTTP 409\): .*client phone number\nThe phone or the data/],
    ['touch', 'callback', '{"phone": "79161112200", "routeKey": "nope"}', /^calltouch.*: .+\nThe account is at fault/],
    [
      'pozvonim',
      'delayedCall',
      '{"siteId": 3001, "phone": "79161112233", "delayed": "2000-01-01T10:00:00Z"}',
      /GEN-VALIDATION-ERROR: .*\nThe account is at fault, or a parameter of this request/,
    ],
    ['pozvonim', 'getSite', '{"siteId": 999}', /^pozvonim \(HTTP 404\): .*SITE-NOT-FOUND/],
  ])('%s %s %s', async (account, method, json, words) => {
    expect(await failing({}, account, method, '--json', json)).toMatch(words);
  });

  const noMinutes = { status: 'fail', reason: 'Not enough minutes to call 79161112233' };
  const noParameter = 'Не возможно создать заявку - не указано ни одного входного параметра';
  test.each([
    ['CALLKEEPER_URL', 'main', 'orderCall', order, 402, JSON.stringify(noMinutes), 'Not enough minutes to call …'],
    ['CALLTOUCH_URL', 'touch', 'register', '{"fio": "x"}', 200, noParameter, noParameter],
    [
      'CALLTOUCH_URL',
      'touch',
      'register',
      '{"fio": "x"}',
      200,
      '{"errorMessage": "The site is closed"}',
      'The site is closed',
    ],
    [
      'CALLTOUCH_URL',
      'touch',
      'callback',
      '{"phone": "79161112233"}',
      200,
      apiError(10_003, 'No widget'),
      '10003 No widget',
    ],
    [
      'POZVONIM_URL',
      'pozvonim',
      'getToken',
      '{}',
      402,
      '{"error": {"code": "NO-MONEY", "message": "Top up"}}',
      'NO-MONEY: Top up',
    ],
  ])(
    '%s: the reason of any other server is told (%#)',
    async (variable, account, method, json, status, body, words) => {
      const { origin, close } = await listen(
        createServer((_request, response) => response.writeHead(status).end(body)),
      );
      expect(await failing({ [variable]: origin }, account, method, '--json', json)).toContain(words);
      await close();
    },
  );

  test('a key that nobody has', async () => {
    const wrong = { RINGBACK_SECRET_MAIN_KEY: 'f'.repeat(32) };
    expect(await failing(wrong, 'main', 'getUserInfo')).toMatch(
      /^callkeeper \(HTTP 412\): Unknown user\nThe account is/,
    );
  });

  test('a passing one, with the time to wait', async () => {
    providers.callkeeper.orderFault('too-many');
    expect(await failing({}, 'main', 'getUserInfo')).toMatch(/too many requests\n.*try again soon.*asks to wait 1 s/);
  });

  test('an answer that was lost, which proves nothing', async () => {
    providers.callkeeper.orderFault('reset-after');
    const words = await failing({}, 'main', 'orderCall', '--json', order);
    expect(words).toMatch(/^callkeeper: the connection broke.*\nNo usable answer came.*before repeating an order/);
  });

  test('nobody at the origin', async () => {
    const { origin, close } = await listen(createServer());
    await close();
    expect(await failing({ CALLKEEPER_URL: origin }, 'main', 'getUserInfo')).toMatch(
      /could not connect \(ECONNREFUSED\)/,
    );
  });
});

test('of several calls those that are refused are named, with exit code 1, and the answer is printed all the same', async () => {
  const calls = JSON.stringify({ calls: [{ client }, { client: '12' }, { client: '79161112234' }] });
  const { code, stdout, stderr } = await run(['call', 'main', 'makeCalls', '--json', calls], providers.env);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject([{ status: 'success' }, { status: 'fail' }, { status: 'success' }]);
  expect(stderr).toBe(
    'callkeeper refused a part and took the rest:\ncalls[1]: Invalid manager or client phone number\n',
  );
});

test('of a refusal that is not documented nothing is told that was sent', async () => {
  const key = providers.env['RINGBACK_SECRET_MAIN_KEY'];
  const entries = [
    { id: 1, status: 'success' },
    { status: 'fail', reason: `No line for ${client} of ${key}` },
  ];
  const { origin, close } = await listen(createServer((_request, response) => response.end(JSON.stringify(entries))));
  const args = [
    'call',
    'main',
    'makeCalls',
    '--json',
    JSON.stringify({ calls: [{ client: '79161112234' }, { client }] }),
  ];
  const { code, stderr } = await run(args, { ...providers.env, CALLKEEPER_URL: origin });
  await close();
  expect({ code, stderr: stderr.split('\n')[1] }).toEqual({ code: 1, stderr: 'calls[1]: No line for … of …' });
});

describe('a command that cannot be', () => {
  test.each([
    ['no account', ['nobody', 'getUserInfo'], 'There is no account "nobody" in the config; there are: main, off,'],
    ['no method', ['main', 'ring'], 'callkeeper has no method "ring"; they are listed by: ringback methods callkeeper'],
    ['no parameter', ['main', 'getCallInfo'], 'getCallInfo: id_call is required'],
    ['not JSON', ['main', 'getCallInfo', '--json', '{id_call: 1}'], 'What --json got is not JSON'],
    ['no object', ['main', 'getCallInfo', '--json', '[1]'], 'What --json got must be an object'],
  ])('%s', async (_name, args, words) => {
    const result = await run(['call', ...args], providers.env);
    expect(result).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(words) });
  });

  test('a missing secret names its variable', async () => {
    const { RINGBACK_SECRET_MAIN_KEY: _, ...env } = providers.env;
    expect(await run(['call', 'main', 'getUserInfo'], env)).toEqual({
      code: 1,
      stdout: '',
      stderr: 'The secret "main-key" is not set: put its value into RINGBACK_SECRET_MAIN_KEY.\n',
    });
  });

  test('an origin that is none names its variable', async () => {
    const result = await run(['call', 'main', 'getUserInfo'], { ...providers.env, CALLKEEPER_URL: 'callkeeper.ru' });
    expect(result.stderr).toBe('CALLKEEPER_URL must be an origin such as https://api.example\n');
  });

  test('a config that is not there', async () => {
    const result = await run(['call', 'main', 'getUserInfo'], { RINGBACK_CONFIG: '/nowhere/config.json' });
    expect(result).toMatchObject({ code: 1, stderr: expect.stringContaining('cannot read /nowhere/config.json') });
  });
});

test('numbers beyond 2^53 keep their digits, both ways', async () => {
  let body = '';
  const server = createServer(async (request, response) => {
    for await (const chunk of request) body += chunk;
    response.end('{"requestId": 98765432109876543210}');
  });
  const { origin, close } = await listen(server);
  const json = '{"phoneNumber": "79161112233", "subject": "x", "sessionId": 12345678901234567890}';
  const result = await run(['call', 'touch', 'register', '--json', json], { ...providers.env, CALLTOUCH_URL: origin });
  await close();
  expect(result).toMatchObject({ code: 0, stdout: expect.stringContaining('"98765432109876543210"') });
  expect(body).toContain('sessionId=12345678901234567890');
});
