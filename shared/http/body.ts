import type { Fields } from '../lead/fields.ts';
import { decoderFor, decodeText } from './charset.ts';
import { maxBodyBytes } from './incoming.ts';
import { readJsonFields } from './json-body.ts';
import { refuse } from './refuse.ts';

const maxFields = 200;
const maxNameLength = 200;

/** What becomes of a file that a visitor sends along: the whole form is refused, or the file's name alone is kept. */
export type FilePolicy = 'refuse' | 'drop';

/** Names and values as bytes, one character for each: which charset they are in, one of the fields may say. */
type BytePairs = [string, string][];

/**
 * Reads the fields of a form: urlencoded, multipart or JSON, by its content type. Empty file inputs are left out.
 * Throws InvalidRequestError: 415 for another type or charset, 400 for what cannot be read, 422 for a file or for JSON of a wrong type in a field.
 */
export async function parseBody(body: Buffer, contentType: string, files: FilePolicy = 'refuse'): Promise<Fields> {
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim());
  const charset = parameters.find((parameter) => /^charset=/i.test(parameter));
  if (charset !== undefined && !/^charset="?utf-?8"?$/i.test(charset)) throw refuse(415, 'unsupported_type');
  switch (type.toLowerCase()) {
    case 'application/x-www-form-urlencoded':
      return toFields(decodePairs(readUrlencoded(body)));
    case 'multipart/form-data':
      return toFields(decodePairs(await readMultipart(body, contentType, files)));
    case 'application/json':
      return toFields(readJsonFields(decodeText(body)));
    default:
      throw refuse(415, 'unsupported_type');
  }
}

/** By the HTML standard a field named `_charset_` says which charset the browser has written the form in; else it is UTF-8. */
function decodePairs(pairs: BytePairs): [string, string][] {
  const decode = decoderFor(pairs.find(([name]) => name.toLowerCase() === '_charset_')?.[1]);
  return pairs.map(([name, value]) => [decode(name), decode(value)]);
}

function readUrlencoded(body: Buffer): BytePairs {
  const pairs = body
    .toString('latin1')
    .split('&')
    .filter((pair) => pair !== '');
  if (pairs.length > maxFields) throw refuse(400, 'too_many_fields');
  return pairs.map((pair) => {
    const [name = '', ...value] = pair.replaceAll('+', ' ').split('=');
    return [unescapeBytes(name), unescapeBytes(value.join('='))];
  });
}

function unescapeBytes(text: string): string {
  return text.replace(/%(.{0,2})/gs, (_escape, hex: string) => {
    if (!/^[0-9a-f]{2}$/i.test(hex)) throw refuse(400, 'bad_encoding');
    return String.fromCharCode(Number.parseInt(hex, 16));
  });
}

async function readMultipart(body: Buffer, contentType: string, files: FilePolicy): Promise<BytePairs> {
  const boundary = /;\s*boundary="?([^";]+)/i.exec(contentType)?.[1];
  if (boundary === undefined) throw refuse(400, 'bad_request');
  const bytes = body.toString('latin1');
  // Counted first: reading a thousand parts takes longer than refusing them.
  if (bytes.split(`--${boundary}`).length > maxFields + 2) throw refuse(400, 'too_many_fields');
  // The parser takes all texts for UTF-8. Given each byte as a character of its own, it hands the bytes back as they came.
  const form = await new Response(bytes, { headers: { 'content-type': contentType } })
    .formData()
    .catch((error: unknown) => {
      throw refuse(400, 'bad_request', { cause: error });
    });
  return [...form].flatMap(([name, value]): BytePairs => {
    if (typeof value === 'string') return [[name, value]];
    if (value.size === 0 && value.name === '') return [];
    if (files === 'drop') return [[name, value.name]];
    throw refuse(422, 'invalid_fields', { fields: [{ field: decodeText(Buffer.from(name, 'latin1')), code: 'file' }] });
  });
}

/** Gathers values under their names. A name is only ever a key of an object that inherits nothing. */
function toFields(pairs: [string, string][]): Fields {
  if (pairs.length > maxFields) throw refuse(400, 'too_many_fields');
  const fields: Fields = Object.create(null);
  for (const [name, value] of pairs) {
    checkText(name, value);
    const earlier = fields[name];
    fields[name] = earlier === undefined ? value : [earlier, value].flat();
  }
  return fields;
}

/** Is this no more than a form may send at once? */
export function isSizeOfForm(fields: Fields): boolean {
  return Object.keys(fields).length <= maxFields && Buffer.byteLength(JSON.stringify(fields)) <= maxBodyBytes;
}

function checkText(name: string, value: string): void {
  // DynamoDB takes no empty names, and `__proto__` is the one name that turns into something else on an ordinary object.
  if (name === '' || name === '__proto__' || name.length > maxNameLength || !isPlainText(name)) {
    throw refuse(400, 'bad_request', {
      fields: [{ field: name.slice(0, maxNameLength).toWellFormed(), code: 'bad_name' }],
    });
  }
  if (!isPlainText(value)) throw refuse(400, 'bad_encoding', { fields: [{ field: name, code: 'bad_text' }] });
}

function isPlainText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}
