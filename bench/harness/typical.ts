import { parseConfig } from '#shared/config/load-config.ts';
import type { ConfigInput } from '#shared/config/schema.ts';

const site = 'https://flowers.example';
const page =
  `${site}/bouquets/roses/?utm_source=yandex&utm_medium=cpc&utm_campaign=bouquets-moscow` +
  '&utm_content=ad-14920388123&yclid=12844983275618293751';

const callkeeper = {
  provider: 'callkeeper',
  unique: 'acme',
  whash: 'w1',
  apiak: { secret: 'callkeeper-apiak' },
} as const;

/** A site with one form whose leads ring at CallKeeper, with these changes. */
export function typicalConfig(accounts: ConfigInput['accounts'] = {}, form: object = {}) {
  const rateLimit = { requests: 1_000_000, perSeconds: 1 };
  const callback = { name: 'Call me back', origins: [site], call: ['callkeeper'], rateLimit, ...form };
  return { accounts: { callkeeper, ...accounts }, forms: { callback } } as const satisfies ConfigInput;
}

export const typical = parseConfig(typicalConfig());

/** Phones of so many leads are all different, as those of visitors mostly are. */
export const phoneOf = (index: number) => `+7916${String(index).padStart(7, '0')}`;

/** What a visitor of a site with advertising sends: with the rest of its lead two kilobytes of JSON and a little, see test/bench. */
export function typicalFields(index: number): Record<string, string> {
  return {
    phone: phoneOf(index),
    name: 'Анна Сергеевна Иванова',
    email: 'anna.ivanova@mail.example',
    comment:
      'Нужен букет из двадцати пяти роз к субботе, доставка на Профсоюзную улицу к десяти утра. После обеда звонить удобнее всего.',
    bouquet: '25 красных роз',
    budget: 'до 5000 рублей',
    address: 'Москва, Профсоюзная улица, дом 42, корпус 3, подъезд 2',
    delivery_time: 'суббота, с 9:00 до 10:00',
    card: 'С днём рождения, мама! Люблю, целую, Аня',
    utm_source: 'yandex',
    utm_medium: 'cpc',
    utm_campaign: 'bouquets-moscow',
    utm_content: 'ad-14920388123',
    utm_term: 'доставка цветов',
    _referrer: 'https://yandex.ru/search/?text=%D0%B1%D1%83%D0%BA%D0%B5%D1%82+%D1%80%D0%BE%D0%B7&lr=213',
    entry_point: page,
    current_page: page,
    ga_client_id: `${1_093_847_561 + index}.1732260000`,
    ym_client_id: `1732260000${938_475_612 + index}`,
  };
}

/** What makes it longer: an advert that is known by a long number, and more words. */
export const longerFields = {
  current_page: `${page}&gclid=Cj0KCQiA0fu5BhDQARIsAMXUBOJ7kqPzW3vGm0yHnT5cRbXs8dLfEo2uVaZ1pKtYw9hNgMiQ4rSjDxUe6BlC`,
  comment:
    'Нужен букет из двадцати пяти роз к субботе. Если красных не будет, подойдут белые или кремовые, только без блёсток и сетки. ' +
    'Доставить лучше до десяти, домофон не работает, поэтому пусть курьер позвонит от подъезда.',
};

const userAgent =
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Mobile Safari/537.36';

/** The headers that the browser helper's request has; the key is one of this run alone. */
export function typicalHeaders(key: string): Record<string, string> {
  return {
    'content-type': 'application/json',
    accept: 'application/json',
    origin: site,
    'user-agent': userAgent,
    'idempotency-key': key,
  };
}

/** The same as an HTTP API hands it to a function, from an address of its own. */
export function typicalEvent(index: number) {
  const path = '/f/callback';
  return {
    version: '2.0',
    routeKey: 'POST /f/{formId}',
    rawPath: path,
    rawQueryString: '',
    headers: typicalHeaders(`key-${index}`),
    pathParameters: { formId: 'callback' },
    requestContext: {
      http: { method: 'POST', path, sourceIp: `203.0.${(index >> 8) & 255}.${index & 255}`, userAgent },
      requestId: `request-${index}`,
      timeEpoch: Date.UTC(2026, 10, 22, 9),
    },
    body: JSON.stringify(typicalFields(index)),
    isBase64Encoded: false,
  };
}
