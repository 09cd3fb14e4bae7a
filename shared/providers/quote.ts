const maxLength = 200;
/** No reason is longer; what follows is not looked at. */
const maxRead = 2_000;

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
    .reduce((text, value) => text.replaceAll(value, '…'), beginningOf(words))
    .replaceAll(/[\p{L}\p{N}]+/gu, (word) => (sentWords.has(word.toLowerCase()) ? '…' : word))
    .replaceAll(/\+?\d(?:[\s()-]{0,5}\d){6,}/g, '…')
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

function leavesOf(sent: unknown): string[] {
  if (typeof sent === 'object' && sent !== null) return Object.values(sent).flatMap(leavesOf);
  return [String(sent ?? '')];
}

/** A single letter or a bare number says nothing of anybody, and blotting it out would spoil the reason. */
function wordsOf(value: string): string[] {
  const words = value.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  return words.filter((word) => word.length >= 2 && /\p{L}/u.test(word));
}
