import { deflateRawSync, inflateRawSync } from 'node:zlib';

/**
 * What leads are full of, the most frequent last: with these words known on both sides, a typical lead of two kilobytes is stored in
 * less than one, which is what a write is billed by. Rows are read with what they were written with: never change a character of it.
 * Another dictionary needs an attribute of another name.
 */
const dictionary = Buffer.from(
  [
    '%D0%B0%D0%BE%D0%B5%D0%B8%D0%BD%D0%BB%D0%B2%D0%BA%D0%BC%D0%B4%D0%BF%D1%80%D1%81%D1%82%D1%83%D1%8F',
    'Здравствуйте! Добрый день, доставка, перезвоните мне, пожалуйста. Please call me back, thank you',
    '/?yclid=&gclid=&_openstat=&fbclid=&utm_referrer=&utm_term=&utm_content=&utm_campaign=&utm_medium=?utm_source=',
    '.com/.net/.org/index.html/catalog/contacts/vk.com/t.me/www.google.com/https://yandex.ru/search/?text=',
    'Mozilla/5.0 (X11; Linux; Android 10; K) AppleWebKit/537.36 Mobile Safari/537.36 Edg/ YaBrowser/ Yowser/ Firefox/',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Mozilla/5.0 (Windows NT 10.0; Win64; x64) (KHTML, like Gecko) Chrome/',
    '"calls":[{"callId":"","status":"","answered":true,"talkSeconds":null,"startedAt":17,"recordUrl":"https://",',
    '"attempt":1,"final":true}],"spam":"honeypot","roistat_id":"calltouch_session_id":"yandex","google","cpc","organic",',
    '"@mail.ru","@yandex.ru","@gmail.com","phone":"+1","language":"en","source":"window","source":"tilda","source":"header",',
    '{"id":"","form":"callback","createdAt":17,"updatedAt":17,"phone":"+79","name":"","email":"","comment":"","subject":"",',
    '"language":"ru","fields":{},"attribution":{"utm_source":"","utm_medium":"","utm_campaign":"","utm_content":"",',
    '"utm_term":"","referrer":"https://","entry_point":"https://","current_page":"https://","ga_client_id":"","ym_client_id":"17"},',
    '"visitor":{"address":"","userAgent":""},"key":{"source":"field","payloadHash":""},"deliveries":[{"id":"track:calltouch",',
    '"kind":"track","route":["calltouch"],"account":"calltouch","route":["pozvonim"],"account":"pozvonim",',
    '"state":"UNKNOWN","state":"HELD","state":"REJECTED","state":"PLACED","state":"CALLING","reason":"","providerId":"',
    '{"id":"call","kind":"call","route":["callkeeper"],"account":"callkeeper","refusals":[],"state":"READY","attempts":0,',
    '"passing":0,"since":17,"nextAt":17,"wakeAt":17,"claim":{"owner":"","startedAt":17,"deadline":17},"endedAt":null,',
    '"nextAt":null,"wakeAt":null,"claim":null,"providerId":null,"reason":null,"updatedAt":17}],"calls":[]}',
  ].join(''),
);

/** A value of JSON as compressed bytes. */
export function pack(value: unknown): Uint8Array {
  return deflateRawSync(JSON.stringify(value), { dictionary });
}

/** What `pack` was given. Throws on bytes that it did not make. */
export function unpack(bytes: Uint8Array): unknown {
  return JSON.parse(inflateRawSync(bytes, { dictionary }).toString());
}
