/**
 * Parses JSON without losing digits: an integer beyond 2^53, or a fraction of more digits than a number can hold
 * (1526128712.1513128077, as Google's client ids are), comes back as a string of its digits. Throws SyntaxError.
 */
export function parseJson(text: string): unknown {
  return JSON.parse(text, (_key, value, context?: { source?: string }) =>
    typeof value === 'number' && context?.source !== undefined && isRounded(value, context.source)
      ? context.source
      : value,
  );
}

/** Up to 15 digits always survive, whatever zeros are at their end. */
function isRounded(value: number, source: string): boolean {
  if (/^-?\d+$/.test(source)) return !Number.isSafeInteger(value);
  return /^-?\d+\.\d+$/.test(source) && source.replaceAll(/\D/g, '').length > 15 && String(value) !== source;
}

/** The same, but undefined for text that is no JSON: the engine's error would quote it, and an answer may hold a phone or a key. */
export function tryParseJson(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
