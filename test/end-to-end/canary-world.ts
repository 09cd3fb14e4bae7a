import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Host } from '../../infra/local/host.ts';
import type { Template } from '../../infra/local/intrinsics.ts';
import { run, runProcess } from '../cli/set-up.ts';
import { startEcho } from '../support/echo.ts';
import { anyKey, canaryConfig, environment, keys, sent } from './canary.ts';
import { kindServices, type Refusals, stayBetween } from './canary-services.ts';
import { deploy } from './local-host.ts';

export const slow = 120_000;

/** All that was logged, queued, answered to strangers and told on the command line, whatever was tried. */
export const seen = { lines: [] as string[], messages: [] as string[], pages: [] as string[], told: [] as string[] };
/** What was gone through: functions of the stack and routes of the API, commands as they ended, and what has become of leads. */
export const gone = {
  functions: new Set<string>(),
  routes: new Set<string>(),
  commands: new Set<string>(),
  states: new Set<string>(),
};
/** To be closed at the end, the first one first. */
export const closes: (() => Promise<unknown>)[] = [];

export type Services = Refusals & { host: Host };
let configFile = '';

/** The deployment, a provider that quotes all that it is sent, and a folder for what commands write. */
export async function setUp() {
  const provider = await startEcho(keys.session);
  closes.push(provider.close);
  const folder = await mkdtemp(join(tmpdir(), 'ringback-canary-'));
  closes.push(() => rm(folder, { recursive: true }));
  const config = canaryConfig(`${provider.origin}/hook`);
  configFile = join(folder, 'config.json');
  await writeFile(configFile, JSON.stringify(config));
  let next = kindServices();
  const deployment = await deploy(config, environment, {
    log: (line) => void seen.lines.push(line),
    watch: {
      between: (services) => stayBetween(services, next, seen.messages, closes),
      invoked(name, _ms, event) {
        gone.functions.add(name);
        const { routeKey } = event as { routeKey?: string };
        if (routeKey !== undefined) gone.routes.add(routeKey);
      },
    },
  });
  closes.unshift(deployment.clean);
  /** A host of its own services, which refuse nothing until they are told to. */
  async function start(template?: Template, env = {}): Promise<Services> {
    const refusals = kindServices();
    next = refusals;
    return Object.assign(refusals, { host: await deployment.start(template, env) });
  }
  return { provider, folder, template: deployment.template, start };
}

export const fields = {
  phone: `+7 (916) 555-01-99`,
  name: `Anna ${sent.name}`,
  email: `${sent.email}@acme.example`,
  comment: sent.comment,
  wish: sent.field,
  utm_source: sent.field,
};
export const json = { 'content-type': 'application/json', accept: 'application/json' };
export const html = { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' };
export const form = (changes: Record<string, string> = {}) => JSON.stringify({ ...fields, ...changes });
export const urlencoded = (changes: Record<string, string> = {}) =>
  new URLSearchParams({ ...fields, ...changes }).toString();

/** Asks as a stranger; what is answered is kept, for it may stand in a log of whoever is between. */
export async function ask({ url }: Host, path: string, init: RequestInit = {}) {
  const response = await fetch(`${url}${path}`, { redirect: 'manual', ...init });
  const text = await response.text();
  seen.pages.push(`${response.status} ${JSON.stringify([...response.headers])} ${text}`);
  return response.status;
}

export const post = (to: Host, body: string | FormData, headers: Record<string, string> = json, name = 'callback') =>
  ask(to, `/f/${name}`, { method: 'POST', body, headers });

export const idOf = async (to: Host, query: string) => {
  const { leads } = JSON.parse((await operate(to, 'GET', `/api/leads${query}`)).text) as { leads: { id: string }[] };
  return leads[0]?.id ?? '';
};

export async function operate({ url }: Host, method: string, path: string, token = keys.token) {
  const response = await fetch(`${url}${path}`, { method, headers: { authorization: `Bearer ${token}` } });
  const text = await response.text();
  // What the owner asked for with the right token may hold all; refusals and errors may not.
  if (response.status !== 200) seen.pages.push(`${response.status} ${text}`);
  return { status: response.status, text };
}

/** A command of the owner's. What it shows them may hold what visitors sent, its errors nothing, and neither a key. */
export async function command(args: string[], env: Record<string, string> = {}, input = '') {
  const inEnvironment = { RINGBACK_CONFIG: configFile, ...environment, ...env };
  // Two of them speak past the terminal that is given to them, or take what they need from the process.
  const runIt = ['secrets', 'completion'].includes(args[0] ?? '') ? runProcess : run;
  const { code, stdout, stderr } = await runIt(args, inEnvironment, input);
  seen.told.push(stderr);
  if (code !== 0) seen.told.push(stdout);
  expect(stdout).not.toMatch(anyKey);
  const name = ['leads', 'secrets', 'stats'].includes(args[0] ?? '') ? args.slice(0, 2).join(' ') : args[0];
  gone.commands.add(`${name} ${code === 0 ? 'well' : 'in vain'}`);
  return { code, stdout, stderr };
}

type ShownLead = { id: string; form: string; state: string; deliveries: { state: string }[] };

/** Reads the leads of a host, and remembers what has become of them. */
export async function look(at: Host): Promise<ShownLead[]> {
  const { leads } = JSON.parse((await operate(at, 'GET', '/api/leads?limit=200')).text) as { leads: ShownLead[] };
  for (const { state, deliveries } of leads) for (const each of [{ state }, ...deliveries]) gone.states.add(each.state);
  return leads;
}

/** Waits until a lead of the form is in this state, and resolves with its id. */
export async function untilState(at: Host, form: string, state: string): Promise<string> {
  const find = async () =>
    (await look(at)).find((lead) => lead.form === form && lead.deliveries.some((each) => each.state === state))?.id;
  await expect.poll(find, { timeout: slow / 2, interval: 100 }).toBeDefined();
  return (await find()) ?? '';
}

export const logged = (event: string) => seen.lines.filter((line) => line.includes(`"event":"${event}"`)).length;
export const untilLogged = (event: string, count: number) =>
  expect.poll(() => logged(event), { timeout: slow / 2 }).toBeGreaterThanOrEqual(count);
