import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createDynamoTable } from '#shared/store/dynamo-table.ts';
import { createLeadStore } from '#shared/store/leads.ts';
import { bundleFunctions } from '../../../infra/bundle.ts';
import { startDynalite, type TestDatabase } from '../../support/dynalite.ts';
import { asJson, configWith, toEvent } from './fixture.ts';

type Handler = (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

/** Nothing listens on the discard port: the queue cannot be reached. */
const noQueue = 'http://127.0.0.1:9';
let database: TestDatabase;
let folder: string;
let file: string;
let handler: Handler;

beforeAll(async () => {
  database = await startDynalite();
  folder = await mkdtemp(join(tmpdir(), 'ringback-submit-'));
  const folders = await bundleFunctions(['submit-form'], configWith(), folder);
  file = join(folders['submit-form'], 'index.cjs');
  const { hostname, port = 0 } = (await database.client.config.endpoint?.()) ?? { hostname: '' };
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  vi.stubEnv('AWS_MAX_ATTEMPTS', '1');
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', `http://${hostname}:${port}`);
  vi.stubEnv('AWS_ENDPOINT_URL_SQS', noQueue);
  vi.stubEnv('STACK', 'ringback-test');
  vi.stubEnv('TABLE_NAME', database.tableName);
  vi.stubEnv('SECRETS_PREFIX', '/ringback/test/');
  vi.stubEnv('CAPTCHA_ORIGINS', JSON.stringify({ turnstile: noQueue, smartcaptcha: noQueue }));
  vi.stubEnv(
    'QUEUE_URLS',
    JSON.stringify({ callkeeper: `${noQueue}/q/callkeeper`, calltouch: `${noQueue}/q/calltouch` }),
  );
  ({ handler } = await import(file));
});

let lines: string[] = [];
beforeEach(() => {
  lines = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => {
    lines.push(String(line));
    return true;
  });
  return () => vi.restoreAllMocks();
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await database.stop();
  await rm(folder, { recursive: true, force: true });
});

const events = () => lines.flatMap((line) => (line.startsWith('{') ? [JSON.parse(line).event] : []));
const send = (body: unknown, headers = {}) => handler(toEvent(asJson(body, headers)), {} as Context);

test('is small', async () => {
  expect((await stat(file)).size).toBeLessThan(520_000);
});

test('stores a lead as DynamoDB keeps it, odd names and empty texts too, and succeeds without a queue', async () => {
  const fields = { constructor: 'c', 'a.b[c]': '', 'Ключ с пробелом': ['1', ''], 'кол-во': '😀' };
  const { statusCode, body } = await send({ phone: '8 916 123-45-67', ...fields });
  expect(statusCode).toBe(202);
  expect(events()).toEqual(['lead accepted', 'nudge not sent', 'nudge not sent']);
  const leads = createLeadStore({
    table: createDynamoTable(database.client, database.tableName),
    newNonce: () => 'reader',
    clock: () => 0,
    retention: () => 0,
  });
  const lead = await leads.get(JSON.parse(body ?? '').id);

  expect(lead).toMatchObject({ phone: '+79161234567', fields });
});

test('stores whatever names and texts a form can have', async () => {
  const name = fc.oneof(
    fc.constantFrom('__proto__', 'constructor', 'toString', 'S', 'M', '#a', ':b', 'a.b'),
    fc.string(),
  );
  const fields = fc.dictionary(name, fc.oneof(fc.string({ unit: 'binary' }), fc.array(fc.string()), fc.double()));
  await fc.assert(
    fc.asyncProperty(fields, async (others) => {
      const { statusCode } = await send({ ...others, phone: '8 916 123-45-67' }, { 'idempotency-key': randomUUID() });
      expect([202, 400]).toContain(statusCode);
    }),
    { numRuns: 40 },
  );
});

test('recognises a repeat', async () => {
  const first = await send({ phone: '8 916 123-45-68' }, { 'idempotency-key': 'once' });
  const again = await send({ phone: '8 916 123-45-68' }, { 'idempotency-key': 'once' });
  expect(again.body).toBe(first.body);
  expect(again.headers).toMatchObject({ 'idempotency-replayed': 'true' });
});

test('answers 500, logging nothing of the visitor, when the table cannot be reached', async () => {
  vi.stubEnv('TABLE_NAME', 'missing-table');
  const { handler: lost }: { handler: Handler } = await import(`${file}?lost`);
  const { statusCode, body } = await lost(toEvent(asJson({ phone: '8 916 123-45-69', name: 'Canary' })), {} as Context);
  expect(statusCode).toBe(500);
  expect(JSON.parse(body ?? '')).toMatchObject({ ok: false, error: 'internal', errors: [] });
  expect(events()).toEqual(['request crashed']);
  expect(lines.join('')).not.toMatch(/916|Canary/);
});
