import type { FunctionName } from '#shared/config/environment.ts';
import { hookSecret } from '#shared/stats/hook-path.ts';
import type { Peer } from './bundle-peers.ts';
import { type StubAws, stubbedSecret } from './stub-aws.ts';
import { phoneOf, typicalEvent } from './typical.ts';

export type Measurable = FunctionName | Peer;

let leads = 0;

/** Who accepts the leads that a function forwards. The queue between them has the name of the former. */
export const acceptors: Partial<Record<Measurable, Measurable>> = {
  'forward-lead': 'submit-form',
  'bare-forward': 'bare-put-and-send',
  'textbook-forward': 'textbook',
};

/** An event that a function has something to do with; one that forwards leads is handed a message that its acceptor has sent to the stub. */
export function eventOf(name: Measurable, { receive }: StubAws): unknown {
  switch (name) {
    case 'empty':
    case 'bare-put':
    case 'bare-put-trimmed':
    case 'bare-put-and-send':
    case 'textbook':
    case 'submit-form':
      return typicalEvent(++leads);
    case 'forward-lead':
    case 'bare-forward':
    case 'textbook-forward': {
      const body = receive(acceptors[name] ?? '');
      if (body === undefined) throw new Error('no lead is left to be forwarded');
      return { Records: [{ messageId: 'message', body }] };
    }
    case 'operate-leads':
      return apiEvent('GET /api/leads', {});
    case 'operate-stats':
      return apiEvent('GET /api/hooks', {});
    case 'receive-webhook':
      return {
        ...apiEvent('POST /hooks/{account}/{secret}', {
          account: 'callkeeper',
          secret: hookSecret('callkeeper', stubbedSecret),
        }),
        body: JSON.stringify(callOver(++leads)),
      };
    case 'serve-console':
    case 'serve-helper':
      return apiEvent('GET /', {});
    case 'sweep-leads':
      return {};
    case 'pull-stats':
      // What a pull does is measured by itself.
      return { Records: [] };
  }
}

/** What CallKeeper says when a call is over (field notes), here of one that no lead has ordered yet: it is kept for whoever does. */
function callOver(index: number) {
  const phone = phoneOf(index).slice(1);
  return {
    hook_event: 'Call is over',
    id: `8${phone}`,
    phone1: '79160000000',
    phone2: phone,
    status_code: 200,
    status2_code: 200,
    date: '2026-11-22 09:00:00',
    date_timestamp: 1_795_338_000,
    duration_sec: '61',
    duration2_sec: '42',
    duration_min: '1',
    record_url: 'https://records.example/1.mp3',
    roistat_visit: null,
    tags: ' ',
  };
}

function apiEvent(routeKey: string, pathParameters: Record<string, string>) {
  const [method = '', path = ''] = routeKey.split(' ');
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: '',
    headers: { authorization: 'Bearer a-secret', accept: 'application/json' },
    pathParameters,
    requestContext: {
      http: { method, path, sourceIp: '203.0.113.7', userAgent: 'bench' },
      requestId: 'request',
      routeKey,
    },
    isBase64Encoded: false,
  };
}
