import type { Fields } from '../lead/fields.ts';
import { readJsonFields } from './json-body.ts';
import { refuse } from './refuse.ts';

const maxFields = 200;
const maxNameLength = 200;

/**
 * Reads the fields of a form: urlencoded, multipart or JSON, by its content type. Empty file inputs are left out.
 * Throws InvalidRequestError: 415 for another type or charset, 400 for what cannot be read, 422 for JSON of a wrong type in a field.
 */
export async function parseBody(body: Buffer, contentType: string): Promise<Fields> {
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim());
  const charset = parameters.find((parameter) => /^charset=/i.test(parameter));
  if (charset !== undefined && !/^charset="?utf-?8"?$/i.test(charset)) throw refuse(415, 'unsupported_type');
  switch (type.toLowerCase()) {
    case 'application/x-www-form-urlencoded':
      return toFields(readUrlencoded(body));
    case 'multipart/form-data':
      return toFields(await readMultipart(body, contentType));
    case 'application/json':
      return toFields(readJsonFields(readText(body)));
    default:
      throw refuse(415, 'unsupported_type');
  }
}

function readText(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (error) {
    throw refuse(400, 'bad_encoding', { cause: error });
  }
}

function readUrlencoded(body: Buffer): [string, string][] {
  const pairs = readText(body)
    .split('&')
    .filter((pair) => pair !== '');
  if (pairs.length > maxFields) throw refuse(400, 'too_many_fields');
  try {
    return pairs.map((pair) => {
      const [name = '', ...value] = pair.replaceAll('+', ' ').split('=');
      return [decodeURIComponent(name), decodeURIComponent(value.join('='))];
    });
  } catch (error) {
    throw refuse(400, 'bad_encoding', { cause: error });
  }
}

async function readMultipart(body: Buffer, contentType: string): Promise<[string, string][]> {
  const boundary = /boundary="?([^";]+)/i.exec(contentType)?.[1];
  if (boundary === undefined) throw refuse(400, 'bad_request');
  // Counted first: reading a thousand parts takes longer than refusing them.
  if (body.toString('latin1').split(`--${boundary}`).length > maxFields + 2) throw refuse(400, 'too_many_fields');
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } })
    .formData()
    .catch((error: unknown) => {
      throw refuse(400, 'bad_request', { cause: error });
    });
  const pairs: [string, string][] = [];
  for (const [name, value] of form) {
    if (typeof value === 'string') pairs.push([name, value]);
    else if (value.size > 0 || value.name !== '')
      throw refuse(422, 'invalid_fields', { fields: [{ field: name, code: 'file' }] });
  }
  readText(body);
  return pairs;
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
