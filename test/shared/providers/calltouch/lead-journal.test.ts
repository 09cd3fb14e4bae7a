import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseJson } from '#shared/http/json.ts';
import { readLead } from '#shared/providers/calltouch/lead-journal.ts';
import { calltouch } from '#shared/providers/calltouch/provider.ts';
import { listedLeadSchema, type ProviderLead, withoutPerson } from '#shared/stats/listed-lead.ts';
import { account, type Calltouch, noon, order, startCalltouch } from './set-up.ts';

const day = 86_400_000;
const midnightInMoscow = Date.UTC(2026, 10, 21, 21);

describe('the leads of a window', () => {
  let service: Calltouch;
  beforeEach(async () => {
    service = await startCalltouch();
  });
  afterEach(() => service.close());

  const listed = async (from: number, to: number) => {
    const leads: ProviderLead[] = [];
    for await (const batch of service.connect().listLeads?.({ from, to }) ?? []) leads.push(...batch);
    return leads;
  };

  test('are those that were registered, as they were sent', async () => {
    await service.connect().trackLead?.({ ...order, attribution: { current_page: 'https://acme.example/roses' } });
    expect(await listed(noon - day / 2, noon + day / 2)).toMatchObject([
      {
        requestNumber: 'lead-1',
        createdAt: noon,
        timeZone: 'Europe/Moscow',
        status: 'NOT_SET',
        subject: 'Моя форма',
        name: 'Вася',
        phone: '+79205550055',
        email: 'vasya@mail.example',
        pageUrl: 'https://acme.example/roses',
      },
    ]);
  });

  test('come with both days in Moscow that a day of UTC touches', async () => {
    for (const createdAt of [midnightInMoscow - 1000, midnightInMoscow]) {
      service.time.now += 1000;
      await service.connect().trackLead?.({ ...order, createdAt, leadId: `lead-${createdAt}` });
    }
    const leads = await listed(Date.UTC(2026, 10, 21), Date.UTC(2026, 10, 22));
    expect(leads.map(({ createdAt }) => createdAt)).toEqual([midnightInMoscow - 1000, midnightInMoscow]);
  });
});

test('a day that two windows touch is asked for once', async () => {
  const service = await startCalltouch();
  const asked: string[] = [];
  const { send } = service.ports;
  const spied: typeof send = async (request) => {
    asked.push(new URL(request.url).searchParams.get('dateFrom') ?? '');
    return send(request);
  };
  const { listLeads } = calltouch.connect(account, { ...service.ports, send: spied });
  for (const from of [Date.UTC(2026, 10, 20), Date.UTC(2026, 10, 21)]) {
    for await (const leads of listLeads?.({ from, to: from + day }) ?? []) expect(leads).toEqual([]);
  }
  expect(asked).toEqual(['11/20/2026', '11/21/2026', '11/22/2026']);
  await service.close();
});

describe('a record of the journal', () => {
  const record = parseJson(`{
    "date": 1522047600000, "requestId": 12345678901234567890, "requestNumber": "zi0D8c0c", "subject": "Form",
    "uniqueRequest": true, "targetRequest": false, "status": "NOT_SET",
    "session": {"source": "yandex", "utmSource": "", "medium": "cpc", "utmCampaign": "roses", "sessionId": 98765432109876543210,
      "url": "http://filipok.io/", "guaClientId": null, "yaClientId": 1526128712151312807},
    "client": {"fio": "Вася", "clientId": 37633316, "phones": [{"phoneNumber": "79205550055", "phoneType": "OTHER"}],
      "contacts": [{"contactType": "EMAIL", "contactValue": "vasya@mail.ru"}]}}`) as Record<string, unknown>;

  test('is read by its document, with numbers beyond 2^53 as they are', () => {
    const lead = readLead(record);
    expect(listedLeadSchema.parse({ ...lead, provider: 'calltouch', account: 'a', leadId: null })).toBeDefined();
    expect(lead).toMatchObject({
      requestId: '12345678901234567890',
      requestNumber: 'zi0D8c0c',
      createdAt: 1522047600000,
      isFirst: true,
      isTargeted: false,
      name: 'Вася',
      phone: '+79205550055',
      email: 'vasya@mail.ru',
      pageUrl: 'http://filipok.io/',
      utmSource: 'yandex',
      utmCampaign: 'roses',
      gaClientId: null,
      ymClientId: '1526128712151312807',
      calltouchSessionId: '98765432109876543210',
    });
    expect(JSON.parse(lead.raw)).toEqual(record);
  });

  test('that says next to nothing stays empty, and is told from others by what it says', () => {
    const [one, other] = [{ comment: 'a' }, { comment: 'b' }].map(readLead);
    expect(one).toMatchObject({ createdAt: null, phone: null, email: null, isFirst: null, requestNumber: null });
    expect(one?.requestId).not.toBe(other?.requestId);
  });

  test('without its person says when it came and from which advert, and no more', () => {
    const lead = { ...readLead(record), provider: 'calltouch', account: 'a', leadId: 'lead-1' };
    const rest = withoutPerson(lead);
    expect(rest).toMatchObject({ requestId: '12345678901234567890', createdAt: 1522047600000, utmCampaign: 'roses' });
    expect(JSON.stringify(rest)).not.toMatch(/Вася|79205550055|vasya|zi0D8c0c|lead-1|9876543210|1526128712/);
  });
});
