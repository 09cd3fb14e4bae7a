/** Text of a provider's field; null for what is absent, empty, blank or no scalar. Half a character, which no reader of files takes, becomes U+FFFD. */
export function readText(value: unknown): string | null {
  const isScalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  const text = isScalar ? String(value).toWellFormed().trim() : '';
  return text === '' ? null : text;
}

/** A number that may come as text; null when it is none. */
function readNumber(value: unknown): number | null {
  const text = readText(value);
  const number = text === null ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : null;
}

/** The files' whole numbers have 32 bits. */
const largest = 2 ** 31 - 1;

/** A whole number that is not negative; null when it is none, or larger than any file holds. */
export function readCount(value: unknown): number | null {
  const number = readNumber(value);
  return number !== null && Number.isInteger(number) && number >= 0 && number <= largest ? number : null;
}

/** Whole seconds; null when it is no number, a negative one, or larger than any file holds. */
export function readSeconds(value: unknown): number | null {
  const number = readNumber(value);
  return number === null ? null : readCount(Math.round(number));
}

const [earliest, latest] = [Date.UTC(2000, 0), Date.UTC(2100, 0)];

/** An instant at which a call or lead can have been, whole milliseconds since 1970 UTC; null for none, and for one of another age. */
export function readInstant(instant: number | null | undefined): number | null {
  const isOfThisAge = typeof instant === 'number' && instant >= earliest && instant < latest;
  return isOfThisAge ? Math.round(instant) : null;
}

/** The instant of so many seconds since 1970 UTC; null when it is no number, or one of another age. */
export function readEpochSeconds(value: unknown): number | null {
  const number = readNumber(value);
  return number === null ? null : readInstant(number * 1000);
}

/** Yes or no, written as a boolean or in words; null when it is neither. */
export function readYesOrNo(value: unknown): boolean | null {
  const text = readText(value);
  return text === 'true' || text === 'false' ? text === 'true' : null;
}

/** The fields of a record within a record; none when there is no such record. */
export function readRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/**
 * E.164 of a number as the providers write it: `79161112233`, `8 (916) 111-22-33`, `9161112233`, `74950000001^12`.
 * Null for what cannot be one, such as a hidden caller's name. Ten digits and a leading 8 are read the Russian way.
 */
export function readPhone(value: unknown): string | null {
  const [number = ''] = (readText(value) ?? '').split('^');
  if (/[a-zа-яё]/i.test(number)) return null;
  const digits = number.replaceAll(/\D/g, '');
  if (number.trim().startsWith('+')) return isLong(digits) ? `+${digits}` : null;
  if (digits.length === 10) return `+7${digits}`;
  if (digits.length === 11 && digits.startsWith('8')) return `+7${digits.slice(1)}`;
  return isLong(digits) ? `+${digits}` : null;
}

function isLong(digits: string): boolean {
  return digits.length >= 8 && digits.length <= 15;
}
