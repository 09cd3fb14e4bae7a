import { tryParseJson } from '../http/json.ts';

const maxLength = 200;
/** No reason is longer; what follows is not looked at. */
const maxRead = 2_000;

/** This much of a key in a row gives it away, however it was cut. */
const tellingLength = 8;

/** The digits of a phone number that one knows a person by, those that may stand before them, and what may stand between two. */
const tellingDigits = 7;
const maxBefore = 4;
const maxGap = 5;

/** Parameters, in PHP's notation too, of which each word may tell who somebody is. The words of the others are anybody's. */
const personal =
  /^(?:.*\[)?(?:fio|name|comment|fields|emails?|client_email|notification|notification_email|(?:text|info)_to_manager|customField.*)\]?$/;

const longNumber = /\+?\d(?:[^\p{L}\p{N}]{0,5}\d){6,}/gu;

type Leaf = { value: string; isPersonal: boolean };

/**
 * What may be told of a provider's own words. Refusals like to quote what they refuse: every value of `sent`, however deep, is blotted out,
 * be it written plainly, percent-encoded, as in JSON or in base64, and any eight characters of it without a space; so are three of its words
 * in a row, each word of a personal value or with digits in it, and all long numbers, however they are split, and e-mail addresses.
 */
export function quote(words: string, sent: unknown): string {
  const leaves = leavesOf(sent, false);
  const numbers = leaves.flatMap(({ value }) => value.match(longNumber) ?? []);
  return withoutWords(withoutNumbers(withoutValues(beginningOf(words), leaves), numbers), leaves)
    .replaceAll(longNumber, '…')
    .replaceAll(/\S+/g, (word) => (word.includes('@') ? '…' : word))
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, maxLength)
    .toWellFormed();
}

/** Ends between two words: of a value that is cut through, the rest would not be known. */
function beginningOf(words: string): string {
  return words.length <= maxRead ? words : words.slice(0, Math.max(0, words.lastIndexOf(' ', maxRead)));
}

function leavesOf(sent: unknown, isPersonal: boolean): Leaf[] {
  if (typeof sent !== 'object' || sent === null) return [{ value: String(sent ?? '').toWellFormed(), isPersonal }];
  return Object.entries(sent).flatMap(([name, value]) => leavesOf(value, isPersonal || personal.test(name)));
}

/** Looks at the text as it is, and again each time that an encoding is taken off it; a value may look encoded by itself. */
function withoutValues(text: string, leaves: Leaf[]): string {
  let values = leaves.flatMap(({ value }) => [value, ...inBase64(value), value.replaceAll(' ', '+')]);
  let rest = blot(text, values);
  for (const decode of [withoutPercents, withoutEscapes]) {
    values = values.flatMap((value) => [value, decode(value)]);
    rest = blot(decode(rest), values);
  }
  return withoutPieces(rest, values);
}

function blot(text: string, values: string[]): string {
  const longestFirst = [...new Set(values)].filter(({ length }) => length >= 4).sort((a, b) => b.length - a.length);
  return longestFirst.reduce((rest, value) => rest.replaceAll(value, '…'), text);
}

function withoutPieces(text: string, values: string[]): string {
  const pieces = new Set(values.flatMap(piecesOf).filter((piece) => !/\s/.test(piece)));
  const at = (from: number) => ({ from, to: from + tellingLength });
  return hide(
    text,
    piecesOf(text).flatMap((piece, index) => (pieces.has(piece) ? at(index) : [])),
  );
}

function piecesOf(text: string): string[] {
  const count = Math.max(0, text.length - tellingLength + 1);
  return Array.from({ length: count }, (_, at) => text.slice(at, at + tellingLength));
}

/** `ranges` in the order of their beginnings; those that touch become one. */
function hide(text: string, ranges: { from: number; to: number }[]): string {
  let told = '';
  let at = 0;
  for (const { from, to } of ranges) {
    if (from > at || told === '') told += `${text.slice(at, from)}…`;
    at = Math.max(at, to);
  }
  return told + text.slice(at);
}

/** Finds the end of a number that was sent, whatever stands between its digits, and what of it stands before. */
function withoutNumbers(text: string, numbers: string[]): string {
  const ends = new Set(numbers.map((number) => number.replaceAll(/\D/g, '').slice(-tellingDigits)));
  const digits = [...text.matchAll(/\d/g)];
  const isNear = (at: number) => (digits[at]?.index ?? 0) - (digits[at - 1]?.index ?? 0) <= maxGap + 1;
  const ranges = digits.flatMap((_, at) => {
    const found = digits.slice(at, at + tellingDigits);
    if (!ends.has(found.join('')) || !found.slice(1).every((_digit, index) => isNear(at + 1 + index))) return [];
    let first = at;
    while (first > 0 && first > at - maxBefore && isNear(first)) first -= 1;
    return [{ from: digits[first]?.index ?? 0, to: (found.at(-1)?.index ?? 0) + 1 }];
  });
  return hide(text, ranges);
}

function inBase64(value: string): string[] {
  const bytes = Buffer.from(value);
  return [bytes.toString('base64').replaceAll('=', ''), bytes.toString('base64url')];
}

function withoutPercents(text: string): string {
  return text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString());
}

function withoutEscapes(text: string): string {
  return text.replaceAll(/\\(?:u[0-9a-f]{4}|["\\/bfnrt])/gi, (written) =>
    String(tryParseJson(`"${written}"`) ?? written),
  );
}

function withoutWords(text: string, leaves: Leaf[]): string {
  const telling = new Set(leaves.flatMap(tellingWordsOf));
  const rows = new Set(leaves.flatMap(({ value }) => rowsOf(wordsOf(value))));
  const said = wordsOf(text);
  const isSent = (at: number) =>
    telling.has(said[at] ?? '') || rowsOf(said.slice(Math.max(0, at - 2), at + 3)).some((row) => rows.has(row));
  let at = -1;
  return text.replaceAll(/[\p{L}\p{N}]+/gu, (word) => {
    at += 1;
    return isSent(at) ? '…' : word;
  });
}

function wordsOf(text: string): string[] {
  return (text.match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => word.toLowerCase());
}

/** A single letter or a bare number says nothing of anybody, and blotting it out would spoil the reason. */
function tellingWordsOf({ value, isPersonal }: Leaf): string[] {
  const isTelling = (word: string) =>
    /\p{L}/u.test(word) && (isPersonal ? word.length >= 2 : word.length >= 6 && /\d/.test(word));
  return wordsOf(value).filter(isTelling);
}

function rowsOf(words: string[]): string[] {
  return words.slice(2).map((word, index) => `${words[index]} ${words[index + 1]} ${word}`);
}
