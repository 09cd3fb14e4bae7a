import querystring from 'node:querystring';
import { type Attribution, attributionNames } from './lead.ts';

/** What the page's cookies, which Tilda's webhook sends in the field COOKIES, tell of the advert and of the counters' ids. Pure. */
export function attributionOfCookies(text: string): Attribution {
  const cookies = readPairs(text, ';');
  const cookie = (name: string) => querystring.unescape(cookies.get(name) ?? '');
  const found = new Map([
    ...readPairs(cookie('TILDAUTM'), '|||'),
    // `_ct_ids` is modId:siteId:sessionId.
    ['calltouch_session_id', cookie('_ct_session_id') || (cookie('_ct_ids').split(':')[2] ?? '')],
    // `_ga` is GA1.2. and then the client's id.
    ['ga_client_id', cookie('_ga').replace(/^GA\d+\.\d+\./, '')],
    ['ym_client_id', cookie('_ym_uid')],
    ['roistat_id', cookie('roistat_visit')],
  ] as [string, string][]);
  const known = attributionNames.map((name) => [name, found.get(name) ?? ''] as const);
  return Object.fromEntries(known.filter(([, value]) => value !== '' && !/\p{Cc}/u.test(value)));
}

function readPairs(text: string, separator: string): Map<string, string> {
  return new Map(
    text.split(separator).map((pair) => {
      const [name = '', ...value] = pair.trim().split('=');
      return [name, value.join('=')];
    }),
  );
}
