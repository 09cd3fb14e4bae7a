import type { Language } from '../lead/lead.ts';
import type { IncomingRequest } from './incoming.ts';

type Headers = IncomingRequest['headers'];

/** Does this client want JSON? Asked in the order that form services have made usual: X-Requested-With, Accept, the request's own type. */
export function wantsJson(headers: Headers): boolean {
  if (headers['x-requested-with']) return true;
  for (const type of byPreference(headers['accept'])) {
    if (type === 'application/json') return true;
    if (type === 'text/html' || type === 'application/xhtml+xml') return false;
  }
  return /^application\/json\b/i.test(headers['content-type'] ?? '');
}

/** The language to answer in: the form's `_language`, else the first of Accept-Language that there are texts for, else Russian. */
export function chooseLanguage(headers: Headers, asked = ''): Language {
  const tags = [asked, ...byPreference(headers['accept-language'])];
  const known = tags.map((tag) => /^(ru|en)\b/i.exec(tag.trim())?.[1]?.toLowerCase()).find((tag) => tag !== undefined);
  return known === 'en' ? 'en' : 'ru';
}

/** What a list such as `text/html, application/json;q=0.9` names, the most wanted first; `q=0` means not at all. */
function byPreference(header = ''): string[] {
  return header
    .split(',')
    .map((item) => {
      const [name = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase());
      const quality = parameters.find((parameter) => parameter.startsWith('q='));
      return { name, quality: quality === undefined ? 1 : Number(quality.slice(2)) };
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .map(({ name }) => name);
}
