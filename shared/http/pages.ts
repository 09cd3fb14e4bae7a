import { createHash } from 'node:crypto';
import type { APIGatewayProxyStructuredResultV2 as Answer } from 'aws-lambda';
import type { FieldError, InvalidRequestError } from '../errors.ts';
import type { Fields, KnownField } from '../lead/fields.ts';
import type { Language } from '../lead/lead.ts';
import { type Html, html } from './html.ts';
import { pageParameter } from './origin.ts';
import { pageTexts } from './texts.ts';

/** A field of the form on the error page: `name` is what the form calls it. */
export type VisibleField = { known: KnownField; name: string; value: string };

/** What the visitor typed: some of it to be mended, all of it to be sent again. `targets`: the origins that it may lead to then. */
export type Retry = { visible: VisibleField[]; hidden: Fields; targets: readonly string[] };

/** Style sheet of both pages; the Content-Security-Policy lets in this text and nothing else. */
const style = `
:root { color-scheme: light dark; font: 1.125rem/1.5 system-ui, sans-serif }
main { max-width: 32rem; margin: 15vh auto; padding: 0 1rem }
label { display: block; margin-top: 1rem }
input, textarea, button { box-sizing: border-box; width: 100%; padding: .6rem; font: inherit }
button { margin-top: 1.5rem }
.error { margin: .25rem 0 0; color: light-dark(#b00020, #ff8a80) }
`;
const styleHash = createHash('sha256').update(style).digest('base64');

/** The page after a form without a redirect of its own; it leads back to `site`. */
export function thanksPage(language: Language, site: string): Answer {
  const texts = pageTexts[language];
  const content = html`<p role="status">${texts.thanks}</p><p><a href="${site}">${texts.back}</a></p>`;
  return page(200, language, { title: texts.thanksTitle, content });
}

/** Says what is wrong and, where the visitor can mend it, shows the form again as it was filled in; leads back to `site` where that is known. */
export function errorPage(
  problem: InvalidRequestError,
  language: Language,
  { site, retry }: { site?: string | undefined; retry?: Retry | undefined } = {},
): Answer {
  const shown = new Set(retry?.visible.map(({ name }) => name));
  const others = problem.fields.filter(({ field }) => !shown.has(field));
  const list = others.map(({ field, message }) => html`<li>${field}: ${message}</li>`);
  const content = html`<p role="alert">${problem.message}</p>${list.length > 0 ? html`<ul>${list}</ul>` : ''}${
    retry ? retryForm(language, problem.fields, retry, site) : ''
  }${site === undefined ? '' : html`<p><a href="${site}">${pageTexts[language].back}</a></p>`}`;
  return page(problem.status, language, {
    title: pageTexts[language].errorTitle,
    content,
    targets: retry?.targets ?? [],
  });
}

function retryForm(
  language: Language,
  errors: readonly FieldError[],
  { visible, hidden }: Retry,
  site: string | undefined,
): Html {
  const hiddenInputs = Object.entries(hidden).flatMap(([name, values]) =>
    [values].flat().map((value) => html`<input type="hidden" name="${name}" value="${value}">`),
  );
  const inputs = visible.map((field) => {
    const error = errors.find(({ field: wrong }) => wrong === field.name);
    return visibleInput(language, field, error?.message);
  });
  // Not as a field: what is sent has to stay the same for its key. Without the page's own query, which may hold anything.
  const action = site === undefined ? '' : `?${new URLSearchParams({ [pageParameter]: withoutQuery(site) })}`;
  return html`<form method="post" action="${action}" novalidate>${inputs}${hiddenInputs}<button>${pageTexts[language].send}</button></form>`;
}

function withoutQuery(address: string): string {
  const { origin, pathname } = new URL(address);
  return origin + pathname;
}

const inputTypes = { phone: 'tel', name: 'text', email: 'email' } as const;
const autocomplete = { phone: 'tel', name: 'name', email: 'email' } as const;

function visibleInput(language: Language, { known, name, value }: VisibleField, error: string | undefined): Html {
  const label = html`<label for="${known}">${pageTexts[language][known]}</label>`;
  // A line break right after the opening tag is not part of a textarea's text.
  if (known === 'comment') return html`${label}<textarea id="${known}" name="${name}" rows="4">\n${value}</textarea>`;
  const state = error === undefined ? '' : html` aria-invalid="true" aria-describedby="${known}-error" autofocus`;
  const input = html`<input id="${known}" type="${inputTypes[known]}" name="${name}" value="${value}" autocomplete="${autocomplete[known]}"${state}>`;
  return html`${label}${input}${error === undefined ? '' : html`<p class="error" id="${known}-error">${error}</p>`}`;
}

type Content = { title: string; content: Html; targets?: readonly string[] };

function page(status: number, language: Language, { title, content, targets = [] }: Content): Answer {
  const { html: body } = html`<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${{ html: style }}</style></head>
<body><main><h1>${title}</h1>${content}</main></body>
</html>
`;
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy(targets) };
  return { statusCode: status, headers, body };
}

function policy(targets: readonly string[]): string {
  return [
    "default-src 'none'",
    `style-src 'sha256-${styleHash}'`,
    // Chromium also holds the redirect after the form to this list.
    `form-action ${["'self'", ...targets].join(' ')}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
