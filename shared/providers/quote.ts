const maxLength = 200;

/**
 * What may be told of a provider's own words. Refusals like to quote what they refuse: every value of `sent`, however deep, each of its
 * words, and all long numbers and e-mail addresses are blotted out.
 */
export function quote(words: string, sent: unknown): string {
  const values = leavesOf(sent);
  const sentWords = new Set(values.flatMap(wordsOf));
  return values
    .filter(({ length }) => length >= 4)
    .sort((a, b) => b.length - a.length)
    .reduce((text, value) => text.replaceAll(value, '…'), words)
    .replaceAll(/[\p{L}\p{N}]+/gu, (word) => (sentWords.has(word.toLowerCase()) ? '…' : word))
    .replaceAll(/\+?\d(?:[\s()-]*\d){6,}/g, '…')
    .replaceAll(/[^\s@]+@[^\s@]+/g, '…')
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, maxLength)
    .toWellFormed();
}

function leavesOf(sent: unknown): string[] {
  if (typeof sent === 'object' && sent !== null) return Object.values(sent).flatMap(leavesOf);
  return [String(sent ?? '')];
}

/** A single letter or a bare number says nothing of anybody, and blotting it out would spoil the reason. */
function wordsOf(value: string): string[] {
  const words = value.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  return words.filter((word) => word.length >= 2 && /\p{L}/u.test(word));
}
