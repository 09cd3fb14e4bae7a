import { describe, expect, test } from 'vitest';
import { type FilePolicy, parseBody } from '#shared/http/body.ts';

const urlencoded = 'application/x-www-form-urlencoded';
const parse = (type: string, body: string | Buffer, files?: FilePolicy) =>
  parseBody(Buffer.from(body), type, files).then((fields) => Object.entries(fields));

describe('urlencoded', () => {
  test.each([
    [
      'names in their order, but numbers first, as in any object',
      'b=2&a=1&10=x&c=',
      [
        ['10', 'x'],
        ['b', '2'],
        ['a', '1'],
        ['c', ''],
      ],
    ],
    [
      'a repeated name once, with all values',
      'a=1&b=2&a=3&a=',
      [
        ['a', ['1', '3', '']],
        ['b', '2'],
      ],
    ],
    ['plus and percent', 'a+b=%D0%B0+%2B%26', [['a b', 'а +&']]],
    [
      'what has no value',
      'a&b',
      [
        ['a', ''],
        ['b', ''],
      ],
    ],
    ['what has several equals signs', 'a=b=c', [['a', 'b=c']]],
    ['nothing', '', []],
    ['stray ampersands', '&&a=1&', [['a', '1']]],
  ])('%s', async (_case, body, expected) => {
    expect(await parse(urlencoded, body)).toEqual(expected);
  });

  test('its type is known in any case and with UTF-8 named', async () => {
    expect(await parse('Application/X-WWW-Form-Urlencoded; Charset="UTF-8"', 'a=1')).toEqual([['a', '1']]);
  });
});

describe('multipart, as browsers write it', () => {
  const type = 'multipart/form-data; boundary=----WebKitFormBoundaryx';
  const part = (head: string, value: string) =>
    `------WebKitFormBoundaryx\r\nContent-Disposition: form-data; ${head}\r\n\r\n${value}\r\n`;
  const end = '------WebKitFormBoundaryx--\r\n';

  test('texts, in any language and of several lines', async () => {
    const body = `${part('name="Имя"', 'Анна')}${part('name="a"', '1\r\n2')}${part('name="a"', '3')}${end}`;
    expect(await parse(type, body)).toEqual([
      ['Имя', 'Анна'],
      ['a', ['1\r\n2', '3']],
    ]);
  });

  test('an empty choice of a file is no field', async () => {
    const empty = part('name="f"; filename=""\r\nContent-Type: application/octet-stream', '');
    expect(await parse(type, `${part('name="a"', '1')}${empty}${end}`)).toEqual([['a', '1']]);
  });

  test('a file is refused by its field, whatever is in it', async () => {
    const file = part('name="photo"; filename="a.png"\r\nContent-Type: image/png', 'x');
    await expect(parse(type, `${file}${end}`)).rejects.toMatchObject({
      status: 422,
      fields: [{ field: 'photo', code: 'file' }],
    });
  });

  test('of a file that the form drops the name stays', async () => {
    const file = part('name="фото"; filename="дом.png"\r\nContent-Type: image/png', '\x89PNG');
    expect(await parse(type, `${file}${part('name="a"', '1')}${end}`, 'drop')).toEqual([
      ['фото', 'дом.png'],
      ['a', '1'],
    ]);
  });

  test('bytes that are no UTF-8 are refused, not replaced', async () => {
    const body = Buffer.from(`${part('name="a"', '\xff')}${end}`, 'latin1');
    await expect(parseBody(body, type)).rejects.toMatchObject({ status: 400, code: 'bad_encoding' });
  });

  test.each([
    [200, 'taken'],
    [201, 'too_many_fields'],
  ])('%i fields are %s', async (count, expected) => {
    const body = Array.from({ length: count }, (_, index) => part(`name="a${index}"`, '')).join('') + end;
    const outcome = await parse(type, body).then(
      (fields) => (fields.length === count ? 'taken' : 'lost'),
      (error) => error.code,
    );
    expect(outcome).toBe(expected);
  });
});

describe('another charset than UTF-8, of a page that is not in it', () => {
  /** `Имя=Анна` in windows-1251, as Chromium and Firefox write it with `accept-charset="windows-1251"`. */
  const cyrillic = '%C8%EC%FF=%C0%ED%ED%E0';

  test.each(['windows-1251', 'cp1251', 'WINDOWS-1251'])('is read when the field _charset_ says %s', async (label) => {
    expect(await parse(urlencoded, `${cyrillic}&_charset_=${label}`)).toEqual([
      ['Имя', 'Анна'],
      ['_charset_', label],
    ]);
  });

  test('is read from multipart, too', async () => {
    const part = (name: string, value: string) =>
      `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    const body = `${part('\xc8\xec\xff', '\xc0\xed\xed\xe0')}${part('_charset_', 'windows-1251')}--x--\r\n`;
    expect(await parse('multipart/form-data; boundary=x', Buffer.from(body, 'latin1'))).toEqual([
      ['Имя', 'Анна'],
      ['_charset_', 'windows-1251'],
    ]);
  });

  test.each([
    ['that nothing names', cyrillic],
    ['that is unknown', `${cyrillic}&_charset_=klingon`],
    ['that is empty', `${cyrillic}&_charset_=`],
    ['that is not made of letters', 'a=1&_charset_=utf-16le'],
    ['that is UTF-8 by its name only', `${cyrillic}&_charset_=utf-8`],
    ['that has no such bytes', 'a=%FF&_charset_=shift_jis'],
  ])('%s is refused, not guessed', async (_case, body) => {
    const outcome = await parse(urlencoded, body).catch((error) => [error.status, error.code]);
    expect(outcome).toEqual([400, 'bad_encoding']);
  });
});

describe('fields have no prototype', () => {
  test.each([
    [urlencoded, 'a=1'],
    ['application/json', '{"a":1}'],
  ])('%s', async (type, body) => {
    const fields = await parseBody(Buffer.from(body), type);
    expect(Object.getPrototypeOf(fields)).toBe(null);
    expect(fields['constructor']).toBeUndefined();
  });
});

test('a text in JSON that looks like a name is none', async () => {
  const body = '{"a": "\\"b\\": ", "b": ["a", ":"], "c\\\\": "x"}';
  expect(await parse('application/json', body)).toEqual([
    ['a', '"b": '],
    ['b', ['a', ':']],
    ['c\\', 'x'],
  ]);
});
