import { createServer } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { type ConfigInput, configSchema } from '#shared/config/schema.ts';
import { createDemo } from '../../../../infra/local/demo/demo.ts';
import { type DemoLead, fetchLeads } from '../../../../infra/local/demo/state.ts';
import { createCallkeeperSimulator } from '../../../../infra/local/simulators/callkeeper.ts';
import { createMemoryJournal } from '../../../../infra/local/simulators/simulator.ts';
import { listen } from '../../../support/listen.ts';

const now = Date.UTC(2026, 10, 22, 9);
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const callback = { name: 'Call me back', origins: ['https://acme.example'] };

async function serveDemo({
  forms = { callback },
  readLeads = async () => [],
  callText = '',
}: {
  forms?: ConfigInput['forms'];
  readLeads?: () => Promise<DemoLead[]>;
  callText?: string;
} = {}) {
  const journal = createMemoryJournal();
  if (callText !== '') {
    const times = { orderedAt: now - 2_000, ringAt: now - 2_000 };
    const phones = { client: '79990004567', manager: '74950000000' };
    journal.add({ id: '1', account: 'main', ...phones, text: callText, ...times, params: {} });
  }
  const clock = () => now;
  const simulator = createCallkeeperSimulator({ accounts: { main: {} }, clock, journal, random: () => 1 });
  const lines: string[] = [];
  const parsed = configSchema.parse({ accounts: {}, forms }).forms;
  const log = (line: string) => void lines.push(line);
  const demo = createDemo({ forms: parsed, simulators: [simulator], readLeads, clock, log });
  const server = createServer((request, response) => {
    if (!demo(request, response)) response.writeHead(404).end();
  });
  const { origin, close } = await listen(server);
  stops.push(close);
  const get = async (path: string) => {
    const response = await fetch(origin + path);
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  return { get, origin, lines };
}

test('shows the first form of the config, with the names that it has there', async () => {
  const { get } = await serveDemo({ forms: { quote: { ...callback, fields: { phone: 'tel' } } } });
  const { text } = await get('/');
  expect(text).toContain('action="/f/quote"');
  expect(text).toContain('name="tel"');
  expect(text).not.toContain('<select');
});

test('lets choose among several forms', async () => {
  const { get } = await serveDemo({ forms: { callback, quote: { ...callback, name: 'A quote' } } });
  const { text } = await get('/?form=quote');
  expect(text).toContain('<option value="quote" selected>quote: A quote</option>');
  expect(text).toContain('action="/f/quote"');
  expect((await get('/?form=nonsense')).text).toContain('action="/f/callback"');
});

test('says so when the config has no form', async () => {
  const { get } = await serveDemo({ forms: {} });
  expect((await get('/')).text).toContain('The config has no form yet.');
});

test('speaks Russian to the visitor when asked to', async () => {
  const { get } = await serveDemo();
  const { text } = await get('/?lang=ru');
  expect(text).toContain('Телефон</label>');
  expect(text).toContain('name="_language" value="ru"');
});

test('shows a ringing phone with what the manager hears, as text and never as markup', async () => {
  const { get } = await serveDemo({ callText: '<img src=x onerror=alert(1)>' });
  const { text } = await get('/_local/panel');
  expect(text).toContain('data-state="ringing"');
  expect(text).toContain('+7 999 000 45 67');
  expect(text).toContain('&lt;img src=x onerror=alert(1)&gt;');
  expect(text).not.toContain('<img src=x');
});

test('gives programs the same as JSON', async () => {
  const { get } = await serveDemo({ callText: 'Call me back' });
  expect(JSON.parse((await get('/_local/state')).text)).toMatchObject({
    leads: [],
    calls: [{ id: '1', client: '79990004567', state: 'ringing', text: 'Call me back' }],
  });
});

test('reloads itself without JavaScript only after the form, while something moves', async () => {
  const moving = await serveDemo({ callText: 'Call me back' });
  const still = await serveDemo();
  expect((await moving.get('/?sent=1')).text).toContain('http-equiv="refresh"');
  expect((await moving.get('/')).text).not.toContain('http-equiv="refresh"');
  expect((await still.get('/?sent=1')).text).not.toContain('http-equiv="refresh"');
});

test('allows no code and no request but its own', async () => {
  const { get } = await serveDemo();
  expect((await get('/')).headers.get('content-security-policy')).toMatch(/^default-src 'none';.*script-src 'self';/);
});

test('leaves other paths and methods alone', async () => {
  const { get, origin } = await serveDemo();
  expect((await get('/elsewhere')).status).toBe(404);
  expect((await fetch(origin, { method: 'POST' })).status).toBe(404);
});

test('answers 502 and logs why when the leads cannot be read', async () => {
  const readLeads = () => Promise.reject(new Error('GET /api/leads answered 500'));
  const { get, lines } = await serveDemo({ readLeads });
  expect((await get('/_local/panel')).status).toBe(502);
  expect(lines).toEqual(['the demo page cannot show /_local/panel: GET /api/leads answered 500']);
});

test('leads that are refused are an error, not an empty list', async () => {
  const server = createServer((_request, response) => void response.writeHead(401).end('{}'));
  const { origin, close } = await listen(server);
  stops.push(close);
  await expect(fetchLeads(origin, 'wrong')).rejects.toThrow('GET /api/leads answered 401');
});
