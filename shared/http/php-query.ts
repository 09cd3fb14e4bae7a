/**
 * Writes parameters as PHP 8's `http_build_query` does: nested keys in encoded brackets, a space as `+`, null and
 * empty arrays left out, booleans as 1 and 0. Keys stay in their order.
 * Undefined counts as null; text that is not well-formed Unicode gets U+FFFD in place of each lone surrogate.
 */
export function phpQuery(params: Record<string, unknown>): string {
  return Object.entries(params)
    .flatMap(([key, value]) => pairs(encode(key), value))
    .join('&');
}

function pairs(name: string, value: unknown): string[] {
  if (value === null || value === undefined) return [];
  if (typeof value === 'object')
    return Object.entries(value).flatMap(([key, inner]) => pairs(`${name}%5B${encode(key)}%5D`, inner));
  return [`${name}=${encode(typeof value === 'boolean' ? String(Number(value)) : String(value))}`];
}

const keptByJavaScriptOnly = /[!'()*~]/g;

function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replaceAll('%20', '+')
    .replaceAll(keptByJavaScriptOnly, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
