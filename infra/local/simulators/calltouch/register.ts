import type { CalltouchState } from '../calltouch.ts';
import type { SimulatorRequest, SimulatorResponse } from '../simulator.ts';
import { dateStr, moscowInstant } from './moscow-time.ts';
import { refuse } from './refusals.ts';

export type RegisteredRequest = {
  site: string;
  /** Milliseconds since 1970 UTC. */
  at: number;
  /** As the API answers it. */
  body: Record<string, unknown>;
};

/** Creates a request, by the register document. */
export function register(site: string, request: SimulatorRequest, state: CalltouchState): SimulatorResponse {
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  const params = request.method === 'GET' ? request.query : new URLSearchParams(isForm ? request.body : '');
  if (params.size === 0) {
    return { status: 200, body: 'Не возможно создать заявку - не указано ни одного входного параметра' };
  }
  if (!Object.values(state.accounts).some((account) => String(account['siteId']) === site)) {
    return refuse(404, 'Site not found');
  }
  const problem = problemWith(params);
  if (problem !== undefined) return refuse(400, problem);
  const at = readRequestDate(params.get('requestDate')) ?? state.clock();
  const body = describe(params, state.random(), at);
  state.requests.push({ site, at, body });
  return { status: 200, body: JSON.stringify(body) };
}

function problemWith(params: URLSearchParams): string | undefined {
  const [fio, phone, email] = ['fio', 'phoneNumber', 'email'].map((name) => params.get(name) ?? '');
  if (fio === '' && phone === '' && email === '') return 'fio, phoneNumber or email is required';
  if (phone !== '' && phone?.replaceAll(/\D/g, '').length !== 11) return 'phoneNumber must have 11 digits';
  if (['', 'undefined'].includes(params.get('sessionId') ?? 'none')) return 'sessionId is not valid';
  const tooLong = ['subject', 'requestNumber'].find((name) => (params.get(name) ?? '').length > 256);
  if (tooLong !== undefined) return `${tooLong} is longer than 256`;
  if ([...params.keys()].filter((name) => /^customField\[.+\]$/.test(name)).length > 20) return 'too many customField';
  const date = params.get('requestDate');
  if (date !== null && readRequestDate(date) === undefined) return 'requestDate must be dd.mm.yyyy hh:mm:ss';
  return undefined;
}

function readRequestDate(text: string | null): number | undefined {
  const match = /^(\d\d)\.(\d\d)\.(\d{4}) (\d\d):(\d\d):(\d\d)$/.exec(text ?? '');
  if (match === null) return undefined;
  const [day, month, year, ...time] = match.slice(1).map(Number);
  return moscowInstant([year, month, day, ...time].map(Number));
}

/** The document's sample answer, with the client's own values. */
function describe(params: URLSearchParams, requestId: number, at: number): Record<string, unknown> {
  const sessionId = params.get('sessionId');
  const phone = params.get('phoneNumber')?.replaceAll(/\D/g, '').replace(/^8/, '7');
  const email = params.get('email');
  return {
    date: at,
    requestType: 'CLIENT_ORDER',
    dateStr: dateStr(at),
    session: sessionId === null ? null : { sessionId: Number(sessionId), source: 'yandex', medium: 'cpc' },
    subject: params.get('subject'),
    uniqTargetRequest: false,
    uniqueRequest: false,
    requestNumber: params.get('requestNumber') ?? String(requestId),
    requestId,
    client: {
      fio: params.get('fio'),
      clientId: requestId,
      phones: phone === undefined ? [] : [{ phoneNumber: phone, phoneType: 'OTHER' }],
      contacts: email === null ? [] : [{ contactType: 'EMAIL', contactValue: email }],
    },
    comment: params.get('comment'),
    requestUrl: params.get('requestUrl'),
    tags: params.get('tags')?.split(',') ?? [],
    customFields: [...params]
      .filter(([name]) => name.startsWith('customField['))
      .map(([name, value]) => ({ field: name.slice('customField['.length, -1), value })),
    orders: [],
    targetRequest: false,
    status: 'NOT_SET',
  };
}
