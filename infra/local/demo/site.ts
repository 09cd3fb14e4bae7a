import type { Config, Form } from '#shared/config/schema.ts';
import { type Html, html } from '#shared/http/html.ts';
import { pageTexts } from '#shared/http/texts.ts';
import { type KnownField, namesOf } from '#shared/lead/fields.ts';
import type { Language } from '#shared/lead/lead.ts';
import { siteTexts } from './site-texts.ts';

/** What the page was asked to show. `sent`: the visitor comes back from the plain form. */
export type View = { formId: string; language: Language; sent: boolean };

/** The florist's site: the form twice, once as plain HTML and once for /ringback.js. Pure. */
export function site(form: Form, view: View): Html {
  const texts = siteTexts[view.language];
  return html`<article class="site" lang="${view.language}">
<p class="address" aria-hidden="true"><span></span>${form.origins[0] ?? ''}</p>
<header class="hero"><div><p class="shop">${texts.shop}</p><h2>${texts.headline}</h2><p>${texts.lead}</p></div><img class="bouquet" src="/_local/bouquet.svg" alt="" width="210" height="246"></header>
<section class="card" id="call-me"><h3>${texts.callMe}</h3>
${contactForm(form, view, 'quick', ['name', 'phone'])}
<p class="small">${texts.fetchHint}</p></section>
<section class="card" id="wedding"><h3>${texts.wedding}</h3>
${view.sent ? thanks(view) : contactForm(form, view, 'plain', ['name', 'phone', 'comment'])}
<p class="small">${texts.plainHint}</p></section>
</article>`;
}

function contactForm(form: Form, view: View, id: 'quick' | 'plain', fields: KnownField[]): Html {
  const { formId, language } = view;
  const next =
    id === 'plain'
      ? html`<input type="hidden" name="_next" value="${addressOf({ ...view, sent: true })}#wedding">`
      : '';
  const inputs = fields.map((known) => field(form, known, `${id}-${known}`, language));
  const { again } = siteTexts[language];
  const plain = id === 'plain' ? html` data-ringback="plain"` : '';
  return html`<form id="${id}" class="contact" method="post" action="/f/${formId}"${plain} data-again="${again}" data-thanks="${pageTexts[language].thanks}">
${inputs}<input type="hidden" name="_language" value="${language}">${next}
<button>${pageTexts[language].send}</button></form>`;
}

const types: Record<KnownField, string> = { phone: 'tel', name: 'text', email: 'email', comment: 'text' };
const autocomplete: Record<KnownField, string> = { phone: 'tel', name: 'name', email: 'email', comment: 'off' };

function field(form: Form, known: KnownField, id: string, language: Language): Html {
  const name = namesOf(known, form.fields[known])[0] ?? known;
  const label = known === 'comment' ? siteTexts[language].comment : pageTexts[language][known];
  const required = known === 'phone' ? html` required placeholder="+7 999 000-00-00"` : '';
  return html`<p class="field"><label for="${id}">${label}</label><input id="${id}" type="${types[known]}" name="${name}" autocomplete="${autocomplete[known]}"${required}></p>`;
}

function thanks(view: View): Html {
  return html`<div class="thanks" role="status"><p>${pageTexts[view.language].thanks}</p><p><a href="${addressOf({ ...view, sent: false })}">${siteTexts[view.language].again}</a></p></div>`;
}

/** Address of the page with this view. */
export function addressOf({ formId, language, sent }: View): string {
  return `/?${new URLSearchParams({ form: formId, lang: language, ...(sent ? { sent: '1' } : {}) })}`;
}

/** What an address asks for; undefined when the config has no form at all. */
export function readView(query: URLSearchParams, forms: Config['forms']): View | undefined {
  const asked = query.get('form') ?? '';
  const formId = Object.hasOwn(forms, asked) ? asked : Object.keys(forms)[0];
  if (formId === undefined) return undefined;
  return { formId, language: query.get('lang') === 'ru' ? 'ru' : 'en', sent: query.has('sent') };
}
