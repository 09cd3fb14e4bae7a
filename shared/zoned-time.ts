/** An instant (milliseconds since 1970 UTC) as clocks in this zone show it: `YYYY-MM-DD HH:MM:SS`. Throws RangeError for a zone that does not exist. */
export function toWallClock(instant: number, timeZone: string): string {
  return formatFor(timeZone).format(instant);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making one takes far longer than using it. */
function formatFor(timeZone: string): Intl.DateTimeFormat {
  // Swedish happens to be written in this order.
  const format =
    formats.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  formats.set(timeZone, format);
  return format;
}

/**
 * The instant at which clocks in this zone show `YYYY-MM-DD HH:MM:SS`; undefined for any other text.
 * Of an hour that comes twice, when summer time ends, it is one of the two.
 */
export function fromWallClock(text: string, timeZone: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)) return undefined;
  const asUtc = readAsUtc(text);
  if (Number.isNaN(asUtc)) return undefined;
  const offsetAt = (instant: number) => readAsUtc(toWallClock(instant, timeZone)) - instant;
  return asUtc - offsetAt(asUtc - offsetAt(asUtc));
}

function readAsUtc(text: string): number {
  return Date.parse(`${text.replace(' ', 'T')}Z`);
}
