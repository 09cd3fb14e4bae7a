import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMemoryTable } from '#shared/store/memory-table.ts';
import { makeLead } from '../support/leads.ts';
import { listen } from '../support/listen.ts';
import { createOperator, serveOperator } from '../support/operator.ts';
import { run, runProcess } from './set-up.ts';

const minute = 60_000;
const noon = Date.UTC(2026, 10, 22, 12);
/** The API as a deployment answers it. */
async function startDeployment() {
  const operator = createOperator(createMemoryTable(), noon);
  return { leads: operator.leads, ...(await serveOperator(operator)) };
}

let deployment: Awaited<ReturnType<typeof startDeployment>>;
let url: string[];
beforeAll(async () => {
  deployment = await startDeployment();
  url = ['--url', deployment.origin];
  for (let index = 0; index < 52; index++) {
    const createdAt = noon - index * minute;
    await deployment.leads.create(makeLead({ id: `lead-${index}`, createdAt, name: 'Ann\u001b[2J\nLee' }));
  }
  await deployment.leads.create(
    makeLead({
      id: 'held',
      createdAt: noon + minute,
      deliveries: [{ state: 'HELD', attempts: 2, reason: 'The widget is disabled' }],
      calls: [
        { callId: '77', status: '200/200', answered: true, talkSeconds: 43, startedAt: noon, recordUrl: null },
        { callId: '78', status: '200/486', answered: false, talkSeconds: null, startedAt: null, recordUrl: null },
      ],
    }),
  );
});
afterAll(() => deployment.close());

describe('list', () => {
  test('is a table, newest first, and tells how to go on', async () => {
    const { code, stdout, stderr } = await run(['leads', 'list', ...url], {});
    const lines = stdout.split('\n');
    expect(code).toBe(0);
    expect(lines[0]).toMatch(/^CREATED +ID +FORM +STATE +PHONE +NAME +DELIVERIES$/);
    expect(lines[1]).toMatch(/^2026-11-22 12:01 {2}held +callback {2}attention {2}\+79161112233 +main HELD$/);
    expect(lines[2]).toMatch(/^2026-11-22 12:00 {2}lead-0 .* Ann \[2J Lee {2}main READY$/);
    const cursor = /add --cursor (\S+)$/m.exec(stderr)?.[1] ?? '';
    const rest = await run(['leads', 'list', ...url, '--cursor', cursor], {});
    expect(rest.stdout.split('\n').slice(1, -1)).toHaveLength(3);
    expect(rest.stderr).toBe('');
  });

  test('filters as the API does', async () => {
    const held = await run(['leads', 'list', ...url, '--state', 'attention', '--json'], {});
    expect(JSON.parse(held.stdout)).toMatchObject({ leads: [{ id: 'held', state: 'attention' }], cursor: null });
    const period = ['--from', '2026-11-22T11:58:00Z', '--to', '2026-11-22T12:00:00Z', '--form', 'callback'];
    const between = await run(['leads', 'list', ...url, ...period, '--json'], {});
    expect(JSON.parse(between.stdout).leads.map(({ id }: { id: string }) => id)).toEqual(['lead-1', 'lead-2']);
    const none = await run(['leads', 'list', ...url, '--form', 'nobody'], {});
    expect(none).toEqual({ code: 0, stdout: '', stderr: 'There are no such leads.\n' });
  });

  test('a query that cannot be read comes back with the field', async () => {
    const { code, stderr } = await run(['leads', 'list', ...url, '--from', 'yesterday'], {});
    expect(code).toBe(1);
    expect(stderr).toBe(
      'The query cannot be read.\n  from: must be a date such as 2026-11-22 or 2026-11-22T15:00:00Z\n',
    );
  });
});

describe('show', () => {
  test('tells what became of a lead', async () => {
    const { code, stdout } = await runProcess(['leads', 'show', 'held', ...url]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^state +attention$/m);
    expect(stdout).toMatch(/^call {2}main \(callkeeper\) {2}HELD {2}attempts: 2 {2}The widget is disabled/m);
    expect(stdout).toMatch(/^77 {2}200\/200 {2}answered, talked 43 s {2}2026-11-22T12:00:00\.000Z$/m);
    expect(stdout).toMatch(/^78 {2}200\/486 {2}not answered$/m);
  });

  test('as JSON it is what the API answers', async () => {
    const { stdout } = await run(['leads', 'show', 'held', ...url, '--json'], {});
    const answer = await fetch(`${deployment.origin}/api/leads/held`, { headers: { authorization: 'Bearer local' } });
    expect(JSON.parse(stdout)).toEqual(await answer.json());
  });

  test('a lead that is not there', async () => {
    const { code, stdout, stderr } = await run(['leads', 'show', 'no such lead', ...url], {});
    expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: 'There is no such lead.\n' });
  });
});

describe('mending', () => {
  const showing = async (id: string) => (await deployment.leads.get(id))?.deliveries[0]?.state;
  const hold = (id: string) =>
    deployment.leads.create(makeLead({ id, form: 'order', deliveries: [{ state: 'HELD', reason: 'no minutes' }] }));

  test.each(['retry', 'release'])('%s lets a held lead go, and shows it', async (action) => {
    await hold(action);
    const { code, stdout } = await run(['leads', action, action, ...url], {});
    expect(code).toBe(0);
    expect(stdout).toMatch(/^call {2}main \(callkeeper\) {2}READY/m);
    expect(await showing(action)).toBe('READY');
  });

  test('cancel stops it; what cannot be done is said with the reason', async () => {
    await hold('cancel');
    const { stdout } = await run(['leads', 'cancel', 'cancel', '--json', ...url], {});
    expect(JSON.parse(stdout)).toMatchObject({ id: 'cancel', state: 'done', deliveries: [{ state: 'CANCELLED' }] });
    const again = await run(['leads', 'retry', 'cancel', ...url], {});
    expect(again).toEqual({
      code: 1,
      stdout: '',
      stderr: 'There is nothing to retry: call: it was cancelled.\n',
    });
  });

  test('nothing is called erased by somebody else than a deployment', async () => {
    const { origin, close } = await listen(createServer((_request, response) => response.end('{"status": "fine"}')));
    const { code, stdout, stderr } = await run(['leads', 'erase', 'some', '--url', origin], {});
    await close();
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('not as this version expects it (ok, id)');
  });

  test('erase leaves nothing to be shown', async () => {
    await hold('erase');
    expect(await run(['leads', 'erase', 'erase', ...url], {})).toMatchObject({ code: 0, stdout: 'erased erase\n' });
    const { code, stderr } = await run(['leads', 'show', 'erase', ...url], {});
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'There is no such lead.\n' });
  });
});

describe('a deployment that does not answer', () => {
  test('refuses the token: the words name its variable and not its value', async () => {
    const result = await run(['leads', 'list', ...url], { RINGBACK_OPERATOR_TOKEN: 'a-wrong-token' });
    expect(result).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('RINGBACK_OPERATOR_TOKEN') });
    expect(result.stderr).not.toContain('a-wrong-token');
  });

  test('is not running: the local one by its port, unless another is named', async () => {
    const { origin, port, close } = await listen(createServer());
    await close();
    const local = await run(['leads', 'list'], { PORT: String(port) });
    expect(local.stderr).toMatch(
      `Nothing usable came from http://localhost:${port}: could not connect (ECONNREFUSED).`,
    );
    const named = await run(['leads', 'list', '--url', origin], {});
    expect(named).toMatchObject({ code: 1, stderr: expect.stringContaining(`${origin}: could not connect`) });
  });

  test('is something else', async () => {
    const other = await listen(createServer((_request, response) => response.end('<h1>It works</h1>')));
    const page = await run(['leads', 'list', '--url', other.origin], {});
    await other.close();
    expect(page).toMatchObject({
      code: 1,
      stderr: `${other.origin} answered HTTP 200, not as Ringback does: see --url.\n`,
    });
    const json = await listen(createServer((_request, response) => response.end('{"leads": [{"id": 1}]}')));
    const strange = await run(['leads', 'list', '--url', json.origin], {});
    await json.close();
    expect(strange).toMatchObject({ code: 1, stderr: expect.stringContaining('leads.0.id') });
    const noUrl = await run(['leads', 'list', '--url', 'ringback.example'], {});
    expect(noUrl).toMatchObject({ code: 1, stderr: expect.stringContaining('--url must be a full address') });
  });
});
