import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Config } from '#shared/config/schema.ts';
import type { Clock } from '#shared/ports.ts';
import type { OtherHandler } from '../http-api.ts';
import type { Simulator } from '../simulators/simulator.ts';
import { page } from './page.ts';
import { panel } from './panel.ts';
import { readView } from './site.ts';
import { type DemoLead, readState } from './state.ts';

export type DemoParts = {
  forms: Config['forms'];
  simulators: readonly Simulator[];
  /** The newest leads, newest first. */
  readLeads: () => Promise<DemoLead[]>;
  clock: Clock;
  log(line: string): void;
};

type Content = { type: string; body: string };

const headers = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
};

/**
 * The demo page at `/`, and what it is made of: `/_local/panel` is its right side as HTML,
 * `/_local/state` the same as JSON, for programs.
 */
export function createDemo({ forms: all, simulators, readLeads, clock, log }: DemoParts): OtherHandler {
  // No phone rings for a rehearsal.
  const forms = Object.fromEntries(Object.entries(all).filter(([, { rehearse }]) => !rehearse));
  const state = () => readState(simulators, readLeads);
  const simulated = simulators.map(({ provider }) => provider);
  const wholePage = async (query: URLSearchParams) =>
    page({ forms, simulated, view: readView(query, forms), state: await state(), now: clock() });
  const css = readAsset('page.css', 'text/css');
  const js = readAsset('page.js', 'text/javascript');
  const bouquet = readAsset('bouquet.svg', 'image/svg+xml');
  const contents = new Map<string, (query: URLSearchParams) => Promise<Content> | Content>([
    ['/', async (query) => ({ type: 'text/html', body: await wholePage(query) })],
    ['/_local/panel', async () => ({ type: 'text/html', body: panel(await state(), clock()).html })],
    ['/_local/state', async () => ({ type: 'application/json', body: JSON.stringify(await state()) })],
    ['/_local/page.css', () => css],
    ['/_local/page.js', () => js],
    ['/_local/bouquet.svg', () => bouquet],
  ]);

  return (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const content = contents.get(pathname);
    if (request.method !== 'GET' || content === undefined) return false;
    void write(response, () => content(searchParams)).catch((error: unknown) => {
      log(`the demo page cannot show ${pathname}: ${error instanceof Error ? error.message : error}`);
      response.writeHead(502, { 'content-type': 'text/plain' }).end('The host cannot show this now; its log says why.');
    });
    return true;
  };
}

async function write(response: ServerResponse, content: () => Promise<Content> | Content) {
  const { type, body } = await content();
  response.writeHead(200, { ...headers, 'content-type': `${type}; charset=utf-8` }).end(body);
}

function readAsset(file: string, type: string): Content {
  return { type, body: readFileSync(join(import.meta.dirname, file), 'utf8') };
}
