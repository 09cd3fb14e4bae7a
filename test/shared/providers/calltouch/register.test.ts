import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { calltouch } from '#shared/providers/calltouch/provider.ts';
import { listen } from '../../../support/listen.ts';
import { account, type Calltouch, order, startCalltouch } from './set-up.ts';

const documented = 'Не возможно создать заявку - не указано ни одного входного параметра';

let service: Calltouch;
beforeAll(async () => {
  service = await startCalltouch();
});
afterAll(() => service.close());

describe('a lead handed over to Calltouch', () => {
  test('arrives with everything that Calltouch has a place for', async () => {
    const { providerId } = (await service.connect().trackLead?.({
      ...order,
      leadId: 'full',
      attribution: { calltouch_session_id: '18454613670', current_page: 'https://acme.example/?a=1&b=2' },
      fields: { 'customField[город]': 'Тверь & Ко', tags: 'окна,двери', color: 'red' },
    })) ?? { providerId: 'none' };
    const lead = (await service.registered()).find((entry) => entry['requestNumber'] === 'full');
    expect(lead).toMatchObject({
      requestId: Number(providerId),
      subject: 'Моя форма',
      dateStr: '22/11/2026 12:00:00',
      date: order.createdAt,
      session: { sessionId: 18_454_613_670 },
      client: {
        fio: 'Вася',
        phones: [{ phoneNumber: '79205550055' }],
        contacts: [{ contactValue: 'vasya@mail.example' }],
      },
      comment: 'Перезвоните & скажите цену',
      requestUrl: 'https://acme.example/?a=1&b=2',
      tags: ['окна', 'двери'],
      customFields: [{ field: 'город', value: 'Тверь & Ко' }],
    });
  });

  test.each(['', ' ', 'undefined', 'no-number'])(
    'leaves out the session "%s", which would have the request refused',
    async (session) => {
      const track = service.connect().trackLead?.({ ...order, attribution: { calltouch_session_id: session } });
      await expect(track).resolves.toEqual({ providerId: expect.stringMatching(/^\d+$/) });
    },
  );

  test('is cut to what Calltouch takes, not refused', async () => {
    const fields = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`customField[f${index}]`, 'x']));
    const subject = `${'я'.repeat(255)}😀 and more`;
    await service.connect().trackLead?.({ ...order, leadId: 'long'.repeat(100), subject, fields });
    const lead = (await service.registered()).find((entry) => entry['requestNumber'] === 'long'.repeat(64));
    expect(lead?.['subject']).toHaveLength(256);
    expect(lead?.['subject']).toSatisfy((text: string) => text.isWellFormed());
    expect(lead?.['customFields']).toHaveLength(20);
  });

  test('is refused for good when its number has not 11 digits', async () => {
    const track = service.connect().trackLead?.({ ...order, phone: '+375291234567' });
    await expect(track).rejects.toMatchObject({ fault: 'lead' });
  });
});

describe('register', () => {
  test.each(['', 'undefined'])('leaves out the session "%s"', async (sessionId) => {
    expect(await service.connect().invoke('register', { fio: 'x', sessionId })).toMatchObject({ session: null });
  });

  test.each([
    ['89205550055', '79205550055'],
    ['8 (920) 555-00-55', '79205550055'],
    ['9205550055', '79205550055'],
    ['+7 920 555 00 55', '79205550055'],
    [79205550055, '79205550055'],
  ])('writes the number %s as 11 digits', async (phoneNumber, digits) => {
    const answer = await service.connect().invoke('register', { phoneNumber, tags: 'a,b' });
    expect(answer).toMatchObject({ client: { phones: [{ phoneNumber: digits }] }, tags: ['a', 'b'] });
  });

  test('takes custom fields nested or as the document writes them', async () => {
    const params = { fio: 'Вася', customField: { one: '1' }, 'customField[two]': '2' };
    expect(await service.connect().invoke('register', params)).toMatchObject({
      customFields: [
        { field: 'one', value: '1' },
        { field: 'two', value: '2' },
      ],
    });
  });

  test.each([
    ['a subject of 257 characters', { fio: 'x', subject: 'я'.repeat(257) }, 'subject must have at most 256'],
    ['a number of 257 characters', { fio: 'x', requestNumber: '1'.repeat(257) }, 'requestNumber must have at most 256'],
    ['21 custom fields', { fio: 'x', customField: numbered(15), ...flat(6) }, 'customField takes at most 20'],
    ['a date of another kind', { fio: 'x', requestDate: '2026-11-22 10:00:00' }, 'requestDate must be dd.mm.yyyy'],
    ['a date with month and day swapped', { fio: 'x', requestDate: '11.22.2026 10:00:00' }, 'requestDate must be'],
    ['a date with more behind it', { fio: 'x', requestDate: '26.03.2018 10:00:00 x' }, 'requestDate must be'],
    ['a number of nine digits', { phoneNumber: '920555005' }, 'phoneNumber must be a phone number of 11 digits'],
    ['nobody', { subject: 'x' }, 'needs fio, phoneNumber or email'],
  ])('refuses %s before sending it', async (_what, params, message) => {
    const invoked = service.connect().invoke('register', params);
    await expect(invoked).rejects.toMatchObject({
      name: 'InvalidRequestError',
      message: expect.stringContaining(message),
    });
  });

  test('takes 256 characters and 20 custom fields', async () => {
    const params = { subject: 'я'.repeat(256), requestNumber: '1'.repeat(256), fio: 'x', customField: numbered(20) };
    const answer = await service.connect().invoke('register', params);
    expect(answer).toMatchObject({ requestNumber: '1'.repeat(256), customFields: { length: 20 } });
  });
});

describe("what goes wrong with a lead's copy", () => {
  test('a site that Calltouch does not know is the account’s fault, although it comes with HTTP 200', async () => {
    const track = service.connect({ siteId: '1' }).trackLead?.(order);
    await expect(track).rejects.toMatchObject({ fault: 'account', status: 200 });
  });

  test.each([
    ['the documented text', 200, documented, 'lead'],
    ['another text', 200, 'Ошибка сервиса для 79205550055', 'account'],
    ['errorCode', 200, '{"errorCode": 1, "message": "79205550055"}', 'account'],
    ['errorMessage', 200, '{"errorMessage": "79205550055"}', 'account'],
    ['message beside HTTP 400', 400, '{"message": "79205550055"}', 'account'],
    ['an empty answer', 200, '', 'unknown'],
    ['an empty requestId', 200, '{"requestId": ""}', 'unknown'],
    ['a requestId under HTTP 500', 500, '{"requestId": 7}', 'unknown'],
    ['null', 200, 'null', 'unknown'],
    ['HTTP 710', 710, '', 'unknown'],
  ])('%s is told apart, and its text is not repeated', async (_what, status, body, fault) => {
    const server = await listen(createServer((_request, response) => response.writeHead(status).end(body)));
    const connection = calltouch.connect(account, { ...service.ports, origin: server.origin });
    const failure = await connection.trackLead?.(order).then(
      () => undefined,
      (error: unknown) => error,
    );
    await server.close();
    expect(failure).toMatchObject({ name: 'ProviderError', fault, message: expect.not.stringContaining('920555') });
  });
});

describe('a refusal is told in its own words', () => {
  const token = 'ct+to/ken=SECRET123';
  const answeredWith = async (status: number, body: string, method: string, params: Record<string, unknown>) => {
    const server = await listen(
      createServer((request, response) => response.writeHead(status).end(body.replace('{url}', request.url ?? ''))),
    );
    const changed = { ...account, apiToken: token };
    const connection = calltouch.connect(changed, { ...service.ports, origin: server.origin });
    const failure = await connection.invoke(method, params).catch((error: unknown) => error);
    await server.close();
    return failure as Error;
  };

  const lead = { fio: 'Вася', comment: 'Заявка уже существует?' };
  const days = { dateFrom: '22/11/2026', dateTo: '22/11/2026' };
  const callback = { phone: '79205550055' };
  test.each([
    ['register', lead, 200, documented, documented],
    ['register', lead, 400, 'Bad request: site not found', 'refused with HTTP 400: Bad request: site not found'],
    ['register', lead, 404, '<h1>Not found</h1>', 'refused with HTTP 404'],
    ['register', lead, 200, 'Такая заявка уже есть у клиента Вася', 'refused: Такая … … есть у клиента …'],
    ['calls', days, 403, 'No right to this journal', /no right to this site: No right to this journal$/],
    ['calls', days, 200, 'Error at {url}', /^refused: Error at .*clientApiId=…&/],
    ['callback', callback, 403, '{"message":"Wrong token"}', 'the Access-Token is refused: Wrong token'],
    ['callback', callback, 401, 'Token expired', 'the Access-Token is refused: Token expired'],
    ['callback', callback, 400, '{"message":"Field is odd"}', "HTTP 400 without a request's id: Field is odd"],
  ])('%s %j, HTTP %i %s', async (method, params, status, body, words) => {
    const { message } = await answeredWith(status, body, method, params);
    if (words instanceof RegExp) expect(message).toMatch(words);
    else expect(message).toBe(words);
    expect(message).not.toMatch(/SECRET123/);
  });
});

function numbered(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, 'x']));
}

function flat(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`customField[g${index}]`, 'x']));
}
