import type { Config } from '#shared/config/schema.ts';
import { type Html, html } from '#shared/http/html.ts';
import { isMoving, panel } from './panel.ts';
import { addressOf, site, type View } from './site.ts';
import type { DemoState } from './state.ts';

export type PageParts = {
  forms: Config['forms'];
  /** Names of the providers that are simulated. */
  simulated: string[];
  view: View | undefined;
  state: DemoState;
  now: number;
};

/** The whole page as it stands now: complete without JavaScript, kept up to date by page.js. Pure. */
export function page({ forms, simulated, view, state, now }: PageParts): string {
  const form = view && forms[view.formId];
  // Without JavaScript only the page after the form reloads itself: elsewhere someone may be filling it in.
  // The address is named, for one that ends in #… would be scrolled to and not loaded.
  const reload =
    view?.sent && isMoving(state)
      ? html`<noscript><meta http-equiv="refresh" content="2; url=${addressOf(view)}"></noscript>`
      : '';
  const left =
    view && form ? html`${chooseForm(forms, view)}${site(form, view)}` : html`<p>The config has no form yet.</p>`;
  const promise =
    simulated.length > 0
      ? `Simulated here, so that nobody is called: ${simulated.join(', ')}.`
      : 'No provider is simulated: real phones ring.';
  const { html: text } = html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Ringback on this machine</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/_local/page.css">${reload}<script src="/ringback.js" defer></script><script type="module" src="/_local/page.js"></script></head>
<body>
<header class="bar"><h1>Ringback</h1><p>A form, and the phones that it rings. ${promise}</p>${view ? languages(view) : ''}</header>
<main>
<section class="left" aria-label="The site">${left}</section>
<section class="right" aria-label="What happens">
<p id="offline" class="offline" role="alert" hidden></p><p id="news" class="unseen" role="status"></p>
<div id="panel">${panel(state, now)}</div>
<noscript><p><a href="${view ? addressOf(view) : '/'}">Show how it stands now</a></p></noscript>
</section>
</main>
</body>
</html>
`;
  return text;
}

function languages(view: View): Html {
  const link = (language: View['language'], words: string) =>
    language === view.language
      ? html`<b lang="${language}">${words}</b>`
      : html`<a lang="${language}" hreflang="${language}" href="${addressOf({ ...view, language, sent: false })}">${words}</a>`;
  return html`<nav aria-label="Language of the site">${link('en', 'English')} ${link('ru', 'Русский')}</nav>`;
}

function chooseForm(forms: Config['forms'], { formId, language }: View): Html | '' {
  if (Object.keys(forms).length < 2) return '';
  const options = Object.entries(forms).map(
    ([id, { name }]) => html`<option value="${id}"${id === formId ? html` selected` : ''}>${id}: ${name}</option>`,
  );
  return html`<form class="choice"><label for="form">Form</label><select id="form" name="form">${options}</select><input type="hidden" name="lang" value="${language}"><button>Show</button></form>`;
}
