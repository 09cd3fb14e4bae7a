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
