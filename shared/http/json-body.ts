import { parseJson } from './json.ts';
import { refuse } from './refuse.ts';

/**
 * Reads the fields of a JSON object: texts, numbers as they were written, booleans, lists of these. What is null counts as not sent.
 * Throws InvalidRequestError: 400 for what is not an object or names a field twice, 422 naming each field of a wrong type.
 */
export function readJsonFields(text: string): [string, string][] {
  const shape = readObject(text);
  const wrong = Object.keys(shape).filter((name) => ![shape[name]].flat().every(isScalar));
  if (wrong.length > 0) {
    throw refuse(422, 'invalid_fields', { fields: wrong.map((field) => ({ field, code: 'wrong_type' })) });
  }
  const repeated = repeatedNames(text);
  if (repeated.length > 0) {
    throw refuse(400, 'bad_request', { fields: repeated.map((field) => ({ field, code: 'repeated' })) });
  }
  // Once more without loss of digits: only now is it known not to be nested so deep that a reviver runs out of stack.
  return Object.entries(parseJson(text) as object).flatMap(([name, value]) =>
    [value].flat().flatMap((item): [string, string][] => (item === null ? [] : [[name, String(item)]])),
  );
}

function readObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refuse(400, 'bad_request', { cause: error });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refuse(400, 'bad_request');
  return value as Record<string, unknown>;
}

function isScalar(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

/** Of two fields with one name JSON.parse silently keeps the last. In a flat object each text before a colon is a name. */
function repeatedNames(text: string): string[] {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const [, quoted, colon] of text.matchAll(/("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?/g)) {
    if (colon === undefined) continue;
    const name = JSON.parse(quoted as string) as string;
    (seen.has(name) ? repeated : seen).add(name);
  }
  return [...repeated];
}
