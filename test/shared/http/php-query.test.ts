import fc from 'fast-check';
import { expect, test } from 'vitest';
import { phpQuery } from '#shared/http/php-query.ts';

/** PHP's rules once more, in another way: bytes through a table, over a flat list of leaves. */
function describedByPhp(params: Record<string, unknown>): string {
  const leaves: { path: string[]; value: unknown }[] = [];
  const walk = (path: string[], value: unknown) => {
    if (typeof value !== 'object' || value === null) leaves.push({ path, value });
    else for (const key of Object.keys(value)) walk([...path, key], (value as Record<string, unknown>)[key]);
  };
  walk([], params);
  let query = '';
  for (const { path, value } of leaves) {
    if (value === null || value === undefined) continue;
    const [first = '', ...rest] = path;
    const name = urlencode(first) + rest.map((key) => `${urlencode('[')}${urlencode(key)}${urlencode(']')}`).join('');
    const text = value === true ? '1' : value === false ? '0' : `${value}`;
    query += `${query === '' ? '' : '&'}${name}=${urlencode(text)}`;
  }
  return query;
}

const kept = new Set(Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.'));

function urlencode(text: string): string {
  let out = '';
  for (const byte of Buffer.from(text, 'utf8')) {
    if (kept.has(byte)) out += String.fromCharCode(byte);
    else if (byte === 0x20) out += '+';
    else out += `%${byte < 16 ? '0' : ''}${byte.toString(16).toUpperCase()}`;
  }
  return out;
}

const anyText = fc.string({ unit: 'binary', maxLength: 12 });
const awkwardText = fc.string({ unit: fc.constantFrom(...` *~'()!-_.[]&=+%#?/:@"<>\\é окна🙂\0\n\ud800`.split('')) });
const text = fc.oneof(anyText, awkwardText);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(text, fc.integer(), fc.bigInt(), fc.boolean(), fc.constantFrom(null, undefined)),
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(text, tie('tree'), { maxKeys: 4 }),
  ),
}));

test('agrees with the rules of http_build_query on generated parameters', () => {
  fc.assert(
    fc.property(fc.dictionary(text, tree, { maxKeys: 5 }), (params) => {
      expect(phpQuery(params)).toBe(describedByPhp(params));
    }),
    { numRuns: 5_000 },
  );
});

test('writes every ASCII character as PHP does', () => {
  const ascii = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));
  const changed = ascii.filter((character) => phpQuery({ a: character }) !== `a=${character}`);
  expect(ascii.filter((character) => !changed.includes(character)).join('')).toBe(
    '-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz',
  );
  expect(phpQuery({ a: " *~'()!" })).toBe('a=+%2A%7E%27%28%29%21');
});

test('keeps the order of keys and drops what PHP drops', () => {
  expect(phpQuery({ b: [1, null, { c: true }], a: false, none: null, empty: [], gone: undefined, text: '' })).toBe(
    'b%5B0%5D=1&b%5B2%5D%5Bc%5D=1&a=0&text=',
  );
});
