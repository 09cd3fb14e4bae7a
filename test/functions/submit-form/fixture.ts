import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { parseConfig } from '#shared/config/load-config.ts';
import type { ConfigInput } from '#shared/config/schema.ts';
import { toRequest } from '#shared/http/incoming.ts';
import type { Lead } from '#shared/lead/lead.ts';
import type { LogDetails } from '#shared/log.ts';
import type { Nudge } from '#shared/queue.ts';
import { createMemoryCounters } from '#shared/store/counters.ts';
import { createLeadStore } from '#shared/store/leads.ts';
import { createMemoryTable } from '#shared/store/memory-table.ts';
import { answerRequest } from '../../../functions/submit-form/answer-request.ts';
import { createRateLimit } from '../../../functions/submit-form/rate-limit.ts';
import { createStamps } from '../../../functions/submit-form/stamps.ts';
import type { SubmitDeps } from '../../../functions/submit-form/submit-form.ts';

export const site = 'https://acme.example';

type FormInput = Partial<ConfigInput['forms'][string]>;

export function configWith(form: FormInput = {}) {
  return parseConfig({
    accounts: {
      main: { provider: 'callkeeper', unique: 'acme', apiak: { secret: 'callkeeper-key' }, whash: 'w1' },
      copy: { provider: 'calltouch', siteId: 1, apiToken: { secret: 'calltouch-token' } },
    },
    forms: { main: { name: 'Call me', origins: [site], call: ['main'], track: ['copy'], ...form } },
  } satisfies ConfigInput);
}

/** The form's function over an in-memory table, with a clock that stands until it is moved. */
export function createSite(form: FormInput = {}, overrides: Partial<SubmitDeps> = {}) {
  const time = { now: Date.parse('2026-03-02T09:05:00Z') };
  const clock = () => time.now;
  const nudges: { provider: string; nudge: Nudge }[] = [];
  const logged: { event: string; details: LogDetails }[] = [];
  let nonces = 0;
  const table = createMemoryTable();
  const newNonce = () => `nonce-${nonces++}`;
  const leads = createLeadStore({ table, newNonce, clock, retention: () => 1000 });
  const deps: SubmitDeps = {
    config: configWith(form),
    leads,
    sendNudge: async (provider, nudge) => {
      nudges.push({ provider, nudge });
    },
    stamps: createStamps({ table, newNonce, clock }),
    readIdKey: async () => 'id-key',
    rateLimit: createRateLimit({ counters: createMemoryCounters(), clock }),
    verifyCaptcha: async () => {
      throw new Error('this form asks for no captcha');
    },
    clock,
    wait: async (ms) => {
      time.now += ms;
    },
    log: (event, details = {}) => {
      logged.push({ event, details });
    },
    ...overrides,
  };
  return {
    time,
    store: leads,
    nudges,
    logged,
    leads: () => [...table.rows.values()].filter(({ list }) => list !== undefined).map(({ value }) => value as Lead),
    async send(event: Partial<Sent>) {
      const answer = await answerRequest(toRequest(toEvent(event)), deps);
      const body = answer.body ?? '';
      const headers = (answer.headers ?? {}) as Record<string, string>;
      const json = headers['content-type']?.startsWith('application/json') ? JSON.parse(body) : undefined;
      return { status: answer.statusCode, headers, body, json };
    },
  };
}

type Sent = {
  method: string;
  form: string;
  /** What follows the form's own path, such as `/stamp`. */
  rest: string;
  query: string;
  headers: Record<string, string>;
  body: string | Buffer;
  address: string;
};

/** A program's request: JSON out and, unless told otherwise, in. */
export function asJson(body: unknown, headers: Record<string, string> = {}): Partial<Sent> {
  return { headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

/** A browser's request: a form on the site, sent without a script. */
export function asBrowser(
  fields: Record<string, string> | string,
  headers: Record<string, string> = {},
): Partial<Sent> {
  return {
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
      'accept-language': 'en',
      origin: site,
      referer: `${site}/prices/`,
      ...headers,
    },
    body: typeof fields === 'string' ? fields : new URLSearchParams(fields).toString(),
  };
}

/** As API Gateway writes it: the body in base64 when it is given as bytes. */
export function toEvent(sent: Partial<Sent>): APIGatewayProxyEventV2 {
  const {
    method = 'POST',
    form = 'main',
    rest = '',
    query = '',
    headers = {},
    body = '',
    address = '203.0.113.7',
  } = sent;
  const path = `/f/${encodeURIComponent(form)}${rest}`;
  return {
    version: '2.0',
    routeKey: 'ANY /f/{formId}',
    rawPath: path,
    rawQueryString: query,
    headers: { host: 'forms.ringback.example', ...headers },
    pathParameters: { formId: form },
    requestContext: {
      accountId: '000000000000',
      apiId: 'api',
      domainName: 'forms.ringback.example',
      domainPrefix: 'forms',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: address, userAgent: headers['user-agent'] ?? '' },
      requestId: 'request',
      routeKey: 'ANY /f/{formId}',
      stage: '$default',
      time: '02/Mar/2026:09:05:00 +0000',
      timeEpoch: 0,
    },
    body: typeof body === 'string' ? body : body.toString('base64'),
    isBase64Encoded: typeof body !== 'string',
  };
}
