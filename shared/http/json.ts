/**
 * Parses JSON without losing digits: an integer beyond 2^53 comes back as a string of its digits.
 * Throws SyntaxError.
 */
export function parseJson(text: string): unknown {
  return JSON.parse(text, (_key, value, context?: { source?: string }) => {
    const isLong = typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
    return isLong && context?.source !== undefined && /^-?\d+$/.test(context.source) ? context.source : value;
  });
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
