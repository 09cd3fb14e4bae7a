import { type Fields, readCounters, readVisit } from './attribution.ts';
import { tell } from './events.ts';
import { type Answer, exchange, wait } from './exchange.ts';
import { hashOf, newSending, nextSending, recall, remember, type Sending } from './sending.ts';
import { clear, showErrors, showThanks } from './show.ts';
import { languageOf, textOf } from './texts.ts';

/** Ids of the forms that want to know how long they were filled in; infra/helper-script.ts writes them here. */
declare const STAMPED_FORMS: string[];

declare global {
  interface Window {
    turnstile?: { reset(): void };
    smartCaptcha?: { reset(): void };
  }
}

type Shown = { url: string; sending: Sending; stamp?: Promise<void> };

const script = (document.currentScript ?? document.querySelector('script[src*="/ringback.js"]')) as HTMLScriptElement;
const { ringbackStore, ringbackCalltouch } = script.dataset;
const formAddress = new RegExp(`^${new URL('/f/', script.src).href}([^/?#]+)$`);
const visit = readVisit(ringbackStore);
const shown = new WeakMap<HTMLFormElement, Shown>();

/** One key for each form that is shown and goes to this deployment: however often it is sent, it is one lead. */
function prepare(form: HTMLFormElement): Shown | undefined {
  const [url, id = ''] = formAddress.exec(new URL(form.getAttribute('action') ?? '', document.baseURI).href) ?? [];
  if (url === undefined || shown.has(form)) return shown.get(form);
  const state: Shown = { url, sending: recall(form) };
  shown.set(form, state);
  fill(form, { _key: state.sending.key });
  if (STAMPED_FORMS.includes(id)) state.stamp = fetchStamp(form, url);
  return state;
}

/** Sets hidden fields, unless the page has one of that name with a value of its own. */
function fill(form: HTMLFormElement, fields: Fields): void {
  for (const [name, value] of Object.entries(fields)) {
    const known = form.querySelector<HTMLInputElement>(`[name="${name}"]`);
    if (!value || (known?.value && !known.matches('[data-ringback]'))) continue;
    const input = known ?? document.createElement('input');
    Object.assign(input, { type: 'hidden', name, value }).dataset['ringback'] = '';
    if (!known) form.append(input);
  }
}

async function fetchStamp(form: HTMLFormElement, url: string): Promise<void> {
  try {
    const response = await fetch(`${url}/stamp`);
    const { stamp } = (await response.json()) as { stamp?: string };
    fill(form, { _stamp: stamp });
  } catch {
    // A form without a stamp is taken as well.
  }
}

/** Chooses what goes along with the visitor's words, and keeps it for the case that they are sent again. */
function complete(form: HTMLFormElement, state: Shown): void {
  const about = {
    _language: languageOf(form),
    ...visit,
    current_page: location.href,
    ...readCounters(ringbackCalltouch),
  };
  state.sending = nextSending(state.sending, hashOf(form), about);
  fill(form, { _key: state.sending.key, ...state.sending.about });
  remember(form, state.sending);
}

async function send(form: HTMLFormElement, submitter: HTMLElement | null, state: Shown): Promise<void> {
  clear(form);
  await Promise.race([state.stamp, wait(2_000)]);
  const data = new FormData(form, submitter);
  const isMultipart = form.enctype.startsWith('m');
  const body = isMultipart ? data : new URLSearchParams(data as unknown as Record<string, string>);
  const answer = await exchange(form, state.url, body);
  clear(form);
  if (answer?.ok) taken(form, state, answer);
  else if (answer) refused(form, answer);
  // Something stands between the page and the server: the browser itself may get through.
  else {
    leave(form, state);
    HTMLFormElement.prototype.submit.call(form);
  }
}

/** The browser sends it, and whoever comes back to change the words sends another. */
function leave(form: HTMLFormElement, { sending }: Shown): void {
  sending.isTaken = true;
  remember(form, sending);
}

function taken(form: HTMLFormElement, state: Shown, { id = '' }: Answer): void {
  leave(form, state);
  if (!tell(form, 'ringback:sent', { id })) return;
  const next = form.querySelector<HTMLInputElement>('[name="_next"]')?.value;
  if (next) location.assign(next);
  else showThanks(form, textOf(form, 'thanks'));
}

function refused(form: HTMLFormElement, { error = '', errors = [], message = textOf(form, 'failed') }: Answer): void {
  if (errors.some(({ code }) => /^captcha/.test(code))) {
    window.turnstile?.reset();
    window.smartCaptcha?.reset();
  }
  if (tell(form, 'ringback:error', { error, message, errors })) showErrors(form, message, errors);
}

function prepareAll(): void {
  for (const form of document.forms) prepare(form);
}

/** Listens for all forms, those that the page puts in later too. */
function on<Type extends keyof DocumentEventMap>(
  type: Type,
  listen: (form: HTMLFormElement, event: DocumentEventMap[Type]) => void,
): void {
  document.addEventListener(type, (event) => {
    const form = (event.target as Element).closest?.('form');
    if (form && prepare(form)) listen(form, event);
  });
}

prepareAll();
document.addEventListener('DOMContentLoaded', prepareAll);
on('focusin', () => {});
on('reset', (form) => {
  clear(form);
  const state = shown.get(form) as Shown;
  state.sending = newSending();
  remember(form, state.sending);
});
on('submit', (form, event) => {
  if (event.defaultPrevented) return;
  const state = shown.get(form) as Shown;
  complete(form, state);
  if (form.dataset['ringback'] === 'plain') return leave(form, state);
  event.preventDefault();
  if (form.getAttribute('aria-busy')) return;
  form.setAttribute('aria-busy', 'true');
  void send(form, event.submitter, state).finally(() => form.removeAttribute('aria-busy'));
});
