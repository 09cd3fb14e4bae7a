import { expect, test } from 'vitest';
import { attributionOfCookies } from '#shared/lead/tilda-cookies.ts';

const utm = encodeURIComponent('utm_source=яндекс|||utm_medium=cpc|||utm_campaign=a=b');

test('the advert and the ids of the counters are read from the page’s cookies', () => {
  const cookies = [
    `TILDAUTM=${utm}`,
    '_ct_session_id=12345678901',
    '_ga=GA1.2.111.222',
    '_ym_uid=1700000000123456789',
    'roistat_visit=42',
    'PHPSESSID=secret',
  ];
  expect(attributionOfCookies(cookies.join('; '))).toEqual({
    utm_source: 'яндекс',
    utm_medium: 'cpc',
    utm_campaign: 'a=b',
    calltouch_session_id: '12345678901',
    ga_client_id: '111.222',
    ym_client_id: '1700000000123456789',
    roistat_id: '42',
  });
});

test('Calltouch’s session is also found in its list of ids', () => {
  expect(attributionOfCookies('_ct_ids=abc%3A55%3A777')).toEqual({ calltouch_session_id: '777' });
});

test.each([
  '',
  ';;;',
  'TILDAUTM=%',
  'TILDAUTM=%E0%A4%A',
  '_ga',
  'a=b=c',
  'utm_source=direct',
  '_ym_uid=%00%0d%0aSet-Cookie',
])('%j tells nothing', (cookies) => {
  expect(attributionOfCookies(cookies)).toEqual({});
});
