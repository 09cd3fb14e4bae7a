import { parseConfig } from '#shared/config/load-config.ts';
import type { Form } from '#shared/config/schema.ts';
import type { SubmitInput } from '../../functions/submit-form/submit-form.ts';

const secret = (name: string) => ({ secret: name });
const origins = ['https://acme.example'];
/** Over the whole deployment, whichever form the leads came by. */
export const phoneLimit = { calls: 3, perHours: 24 };
/** The simulated day begins at noon in Moscow: this form rings in the afternoon only. */
const hours = { timeZone: 'Europe/Moscow', open: '15001900' };

/** Every provider that rings, one of them with a second account. */
export const accountInputs = {
  keeper: {
    provider: 'callkeeper',
    unique: 'acme',
    apiak: secret('keeper'),
    whash: '96d6ec6937c878c2ca1f889b9b9e865a',
  },
  /** The same key: each of the two lists the calls of both. */
  branch: {
    provider: 'callkeeper',
    unique: 'acme',
    apiak: secret('keeper'),
    whash: 'b6d6ec6937c878c2ca1f889b9b9e865a',
  },
  pozvonim: { provider: 'pozvonim', uid: 17, apiKey: secret('pozvonim'), siteId: 3 },
  touch: { provider: 'calltouch', siteId: 18990, apiToken: secret('touch'), routeKey: 'route' },
};

/** The forms and accounts of the simulated deployment: every provider that rings, with and without a second account to turn to. */
const parsed = parseConfig({
  accounts: accountInputs,
  forms: {
    keeper: { name: 'Keeper', origins, phoneLimit, call: ['keeper'] },
    pozvonim: { name: 'Pozvonim', origins, phoneLimit, call: ['pozvonim'] },
    touch: { name: 'Calltouch', origins, phoneLimit, call: ['touch'], staleAfter: '10m' },
    both: { name: 'Both', origins, phoneLimit, call: ['keeper', 'pozvonim'], track: ['touch'] },
    branch: { name: 'Branch', origins, phoneLimit, call: ['keeper', 'branch'], staleAfter: '10m' },
    again: { name: 'Again', origins, phoneLimit, call: ['pozvonim', 'keeper'], retryUnknownAfter: '10m' },
    later: { name: 'Later', origins, phoneLimit, call: ['touch', 'keeper'], retryUnknownAfter: '10m', hours },
  },
});

/** The secrets as their owner would set them; CallKeeper's key has to be 32 hex digits. */
const apiak = 'a'.repeat(32);
const secrets = { keeper: { apiak }, branch: { apiak }, pozvonim: { apiKey: 'key' }, touch: { apiToken: 'token' } };

export const forms = parsed.forms;
export const accounts = Object.fromEntries(
  Object.entries(parsed.accounts).map(([id, account]) => [id, { ...account, ...secrets[id as keyof typeof secrets] }]),
);

/** As in infra/stack.ts; milliseconds. */
export const functionTimeouts = {
  submitForm: 10_000,
  forwardLead: 60_000,
  sweepLeads: 55_000,
  operateLeads: 10_000,
  receiveWebhook: 10_000,
  pullStats: 15 * 60_000,
};

/** One wish of one visitor to be rung: however often they send it, the phone shall ring once. */
export type Wish = {
  index: number;
  form: string;
  phone: string;
  /** Minted by the page, or nothing but the window of ten minutes. */
  key: string | undefined;
};

/** The page of a wish: every provider is told it, so that each ring can be traced back. */
export function pageOf(wish: Pick<Wish, 'index'>): string {
  return `https://acme.example/wish-${wish.index}`;
}

/** The page among an order's parameters, whatever the provider calls it. */
export function pageIn(params: Record<string, string>): string {
  return Object.values(params).find((value) => value.startsWith('https://acme.example/wish-')) ?? '';
}

export function formOf(wish: Wish): Form {
  const form = forms[wish.form];
  if (form === undefined) throw new Error(`there is no form ${wish.form}`);
  return form;
}

/** `comment`: what a visitor without a key may have thought better of since. */
export function inputOf(wish: Wish, form: Form, comment: string): SubmitInput {
  const { key, phone } = wish;
  return {
    formId: wish.form,
    form,
    fields: { phone, current_page: pageOf(wish), ...(key === undefined ? { comment } : { _key: key }) },
    keyHeader: undefined,
    language: 'en',
    visitor: { address: '198.51.100.1' },
  };
}
