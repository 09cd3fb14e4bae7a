import {
  type CountryCode,
  type PhoneNumber,
  parsePhoneNumberFromString,
  validatePhoneNumberLength,
} from 'libphonenumber-js/max';

/** Why a number cannot be rung; the words for visitors are in http/texts.ts. */
export type PhoneProblem =
  | 'required'
  | 'invalid'
  | 'digits_missing'
  | 'digits_extra'
  | 'extension'
  | 'country'
  | 'kind';

export type PhoneResult = { phone: string } | { problem: PhoneProblem };

/** Toll-free, premium, shared-cost, pager and company-wide numbers are nobody's own phone. */
const personalKinds = new Set(['MOBILE', 'FIXED_LINE', 'FIXED_LINE_OR_MOBILE', 'VOIP', 'PERSONAL_NUMBER']);
const extensionMark = /доб|доп|вн|ext|[#x*;,]/i;
/** The longest numbers have 15 digits; the rest is brackets and spaces. */
const longestText = 40;
/** As it came, with what address books add unseen. Bringing marks into their order takes a time that grows with the square of their number. */
const longestRaw = 200;
/** Where 8 is dialled before the area's code, and no area's code begins with 89. */
const dialledWith8 = new Set<CountryCode>(['RU', 'KZ']);

/** Reads a number as a person of one of these countries (ISO codes) writes it. Resolves to E.164 with the plus. Pure. */
export function parsePhone(text: string, countries: readonly string[]): PhoneResult {
  if (text.length > longestRaw) return { problem: 'invalid' };
  const written = tidy(text);
  if (written === '') return { problem: 'required' };
  if (written.length > longestText) return { problem: 'invalid' };
  const problem = problemOfWriting(written);
  if (problem) return { problem };
  let first: PhoneResult | undefined;
  for (const country of countries as CountryCode[]) {
    const result = parseFor(country, written, countries);
    // A service number of one country must not pass for an ordinary one of the next.
    if ('phone' in result || result.problem === 'kind') return result;
    first ??= result;
  }
  return first ?? { problem: 'country' };
}

/** One plain form for all the spaces, dashes and digits of the world, without what address books add unseen. */
function tidy(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/[\p{Pd}\u2212]/gu, '-')
    .replace(/[\s_]+/g, ' ')
    .trim()
    .replace(/^(?:tel|callto|тел|моб)[.:]* ?/i, '')
    .replace(/^\(\+(\d{1,3})\)/, '+$1')
    .replace(/^\+(?=8\D*9(?:\D*\d){9}\D*$)/, ''); // "+8 9…" is how many write 8 9…; no country code begins with 89.
}

function problemOfWriting(text: string): PhoneProblem | undefined {
  if (/^\+?[-\d() ./]+$/.test(text)) return undefined;
  const end = text.search(extensionMark);
  const [number, tail] = end < 0 ? [text, ''] : [text.slice(0, end), text.slice(end)];
  const isExtension = countDigits(number) >= 10 && countDigits(tail) >= 1 && countDigits(tail) <= 6;
  return isExtension ? 'extension' : 'invalid';
}

function countDigits(text: string): number {
  return text.replace(/\D/g, '').length;
}

function parseFor(inland: CountryCode, text: string, countries: readonly string[]): PhoneResult {
  // Without the 8 these ten digits would be somebody else's number.
  const isShort = /^8(?:9|\D)/.test(text) && countDigits(text) === 10;
  if (isShort && dialledWith8.has(inland)) return { problem: 'digits_missing' };
  const number = parsePhoneNumberFromString(text, inland);
  if (number === undefined) return { problem: text.startsWith('+') ? 'country' : 'invalid' };
  const problem = problemOfNumber(number, countries);
  return problem === undefined ? { phone: number.number } : { problem };
}

function problemOfNumber(number: PhoneNumber, countries: readonly string[]): PhoneProblem | undefined {
  const length = validatePhoneNumberLength(number.number);
  if (length !== undefined) return length === 'TOO_SHORT' ? 'digits_missing' : 'digits_extra';
  if (!number.isValid()) return 'invalid';
  if (number.country === undefined || !countries.includes(number.country)) return 'country';
  return personalKinds.has(number.getType() ?? '') ? undefined : 'kind';
}
