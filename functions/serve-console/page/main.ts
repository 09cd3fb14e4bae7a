import type { Language } from '#shared/lead/lead.ts';
import { accountsView } from './accounts-view.ts';
import { createApi, RefusedError, UnauthorizedError } from './api.ts';
import type { Context } from './context.ts';
import { daysView } from './days-view.ts';
import { button, el } from './dom.ts';
import { leadView } from './lead-view.ts';
import { attentionView, leadsView } from './leads-view.ts';
import { texts as allTexts } from './texts.ts';

// Of this tab alone, and gone with it.
const tokenKey = 'ringback-token';
const languageKey = 'ringback-language';

const views: Record<string, (context: Context) => Promise<Node[]>> = {
  attention: attentionView,
  leads: leadsView,
  accounts: accountsView,
  days: daysView,
};
const places = ['attention', 'leads', 'accounts', 'days'] as const;

const status = el('p', { role: 'status', class: 'status' });
const problem = el('p', { role: 'alert', class: 'problem' });
const main = el('main', {});
let navigation = 0;

function language(): Language {
  const stored = sessionStorage.getItem(languageKey) ?? navigator.language;
  return stored.startsWith('ru') ? 'ru' : 'en';
}

function createContext(token: string): Context {
  const texts = allTexts[language()];
  return {
    api: createApi(token),
    texts,
    language: language(),
    say(message) {
      status.textContent = message;
    },
    async attempt(work) {
      problem.textContent = '';
      try {
        await work();
      } catch (error) {
        if (error instanceof UnauthorizedError) leave(texts.wrongToken);
        else problem.textContent = error instanceof RefusedError ? error.message : texts.unreachable;
      }
    },
  };
}

/** Shows the place that the address names; a newer navigation wins over an older one's late answer. */
async function show(): Promise<void> {
  const token = sessionStorage.getItem(tokenKey);
  if (token === null) return showDoor('');
  const context = createContext(token);
  const mine = ++navigation;
  const [place = '', id = ''] = location.hash.replace(/^#\//, '').split('/');
  frame(context, place);
  main.replaceChildren(el('p', { class: 'small' }, context.texts.loading));
  await context.attempt(async () => {
    const view = views[place] ?? attentionView;
    const nodes = place === 'lead' ? await leadView(id, context) : await view(context);
    if (mine !== navigation) return;
    main.replaceChildren(...nodes);
    main.querySelector('h1')?.focus();
  });
}

function frame({ texts }: Context, place: string) {
  document.documentElement.lang = language();
  const isHere = (name: string) =>
    name === place || (name === 'attention' && !Object.hasOwn(views, place) && place !== 'lead');
  const links = places.map((name) =>
    el('a', { href: `#/${name}`, 'aria-current': isHere(name) ? 'page' : undefined }, texts[name]),
  );
  const out = button(texts.signOut, () => leave(''), { class: 'quiet' });
  const top = el('header', {}, el('b', {}, 'Ringback'), el('nav', {}, ...links), languageButton(), out);
  status.textContent = '';
  document.body.replaceChildren(top, status, problem, main);
}

function languageButton(): HTMLElement {
  const change = () => {
    sessionStorage.setItem(languageKey, language() === 'ru' ? 'en' : 'ru');
    void show();
  };
  const other = language() === 'ru' ? 'en' : 'ru';
  return button(allTexts[language()].otherLanguage, change, { class: 'quiet', lang: other });
}

function leave(message: string) {
  sessionStorage.removeItem(tokenKey);
  showDoor(message);
}

function showDoor(message: string) {
  const texts = allTexts[language()];
  navigation++;
  document.documentElement.lang = language();
  const input = el('input', {
    name: 'token',
    type: 'password',
    autocomplete: 'off',
    required: true,
    'aria-describedby': 'stays',
  });
  const enter = (event: Event) => {
    event.preventDefault();
    sessionStorage.setItem(tokenKey, input.value.trim());
    void show();
  };
  const form = el(
    'form',
    { class: 'door', onsubmit: enter },
    el('h1', {}, 'Ringback'),
    el('label', {}, texts.token, input),
    el('p', { id: 'stays', class: 'small' }, texts.tokenStays),
    el('p', { class: 'problem', role: 'alert' }, message),
    el('p', { class: 'buttons' }, el('button', { class: 'main' }, texts.signIn), languageButton()),
  );
  document.body.replaceChildren(el('main', {}, form));
  input.focus();
}

addEventListener('hashchange', () => void show());
void show();
