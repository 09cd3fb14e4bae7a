import type { DeliveryState } from '#shared/lead/delivery.ts';
import type { LeadState } from '#shared/lead/lead.ts';

/** What must not be found anywhere but in the table, in what providers get and in what its owner is shown. */
export const sent = {
  phone: '9165550199',
  name: 'Zyablikova',
  email: 'canary-bird',
  comment: 'чирикает',
  field: 'chirps-at-dawn',
};

export const keys = {
  token: 'canary-operator-token',
  callkeeper: 'canarykeyofcallkeeper00000000000',
  calltouch: 'canary-token-of-calltouch',
  pozvonim: 'canary-key-of-pozvonim',
  session: 'canary-session-of-pozvonim',
  webhook: 'canary-signing-secret',
  captcha: 'canary-secret-of-captcha',
  captchaToken: 'canary-token-of-captcha',
  phoneKey: 'canary-phone-key',
};

export const environment = {
  RINGBACK_OPERATOR_TOKEN: keys.token,
  RINGBACK_SECRET_CALLKEEPER_KEY: keys.callkeeper,
  RINGBACK_SECRET_CALLTOUCH_TOKEN: keys.calltouch,
  RINGBACK_SECRET_POZVONIM_KEY: keys.pozvonim,
  RINGBACK_SECRET_WEBHOOK_SECRET: keys.webhook,
  RINGBACK_SECRET_CAPTCHA_SECRET: keys.captcha,
  RINGBACK_SECRET_PHONE_KEY: keys.phoneKey,
};

/** All that can become of a lead and of its deliveries; the types see to it that none is forgotten. */
export const everyState: Record<DeliveryState | LeadState | 'erased', true> = {
  ...{ READY: true, CALLING: true, PLACED: true, REJECTED: true, UNKNOWN: true, HELD: true, EXPIRED: true },
  ...{ CANCELLED: true, open: true, done: true, attention: true, spam: true, erased: true },
};

/** A call by two accounts and copies to two others; `hook` is the address of the last. */
export function canaryConfig(hook: string) {
  const form = { origins: ['https://acme.example'], call: ['sales', 'spare'] };
  return {
    accounts: {
      sales: { provider: 'callkeeper', unique: 'acme', whash: 'w1', apiak: { secret: 'callkeeper-key' } },
      spare: { provider: 'pozvonim', uid: 17, siteId: 3, apiKey: { secret: 'pozvonim-key' } },
      adverts: { provider: 'calltouch', siteId: 1, apiToken: { secret: 'calltouch-token' }, routeKey: 'main' },
      crm: { provider: 'webhook', url: hook, signingSecret: { secret: 'webhook-secret' } },
    },
    forms: {
      callback: {
        ...form,
        name: 'Call me back',
        track: ['adverts', 'crm'],
        phoneLimit: { calls: 1_000, perHours: 1 },
        rateLimit: { requests: 1_000, perSeconds: 60 },
      },
      widget: { ...form, name: 'Widget', call: ['adverts'], phoneLimit: { calls: 1_000, perHours: 1 } },
      limited: {
        ...form,
        name: 'Once',
        phoneLimit: { calls: 1, perHours: 1 },
        rateLimit: { requests: 3, perSeconds: 60 },
      },
      rehearsed: { ...form, name: 'Rehearsed', rehearse: true, phoneLimit: { calls: 1_000, perHours: 1 } },
      patient: { ...form, name: 'Patient', call: ['spare'], phoneLimit: { calls: 1_000, perHours: 1 } },
      hasty: { ...form, name: 'Hasty', staleAfter: '1s', phoneLimit: { calls: 1_000, perHours: 1 } },
      later: {
        ...form,
        name: 'Later',
        hours: { timeZone: 'UTC', open: '00000001' },
        minFillSeconds: 1,
        phoneLimit: { calls: 1_000, perHours: 1 },
      },
      guarded: {
        ...form,
        name: 'Guarded',
        captcha: { kind: 'turnstile' as const, secret: { secret: 'captcha-secret' } },
      },
      puzzled: {
        ...form,
        name: 'Puzzled',
        captcha: { kind: 'smartcaptcha' as const, secret: { secret: 'captcha-secret' } },
      },
    },
  };
}

/** A value as it may be found in a text: as it is, percent-encoded, escaped as in JSON, and anywhere within base64. */
function disguisesOf(value: string): string[] {
  const escaped = [...value].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
  const encoded = [0, 1, 2].flatMap((offset) =>
    (['base64', 'base64url'] as const).map((encoding) => {
      const text = Buffer.from('-'.repeat(offset) + value)
        .toString(encoding)
        .replaceAll('=', '');
      // The letters at the ends depend on what stands beside the value.
      return text.slice(offset === 0 ? 0 : offset + 1, -1);
    }),
  );
  return [value, encodeURIComponent(value), escaped, Buffer.from(value).toString('hex'), ...encoded];
}

/** The number however it is written, with up to three other characters between its digits. */
const anyPhone = [...sent.phone].join('(?:%[0-9a-f]{2}|\\D){0,3}');
/** The number without the code of its region, when it stands by itself: within longer numbers it may be a chance. */
const withoutCode = `(?<![\\da-f])${[...sent.phone.slice(-7)].join('[-._/() ]{0,2}')}(?![\\da-f])`;

const patternOf = (values: string[]) =>
  values.flatMap(disguisesOf).map((text) => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));

/** Finds any of what was sent or is secret. */
export const anything = new RegExp(
  [anyPhone, withoutCode, ...patternOf([...Object.values(sent), ...Object.values(keys)])].join('|'),
  'i',
);
export const anyKey = new RegExp(patternOf(Object.values(keys)).join('|'), 'i');
