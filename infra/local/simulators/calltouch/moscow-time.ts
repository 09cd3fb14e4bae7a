const offsetMs = 3 * 3_600_000;

/** `26/03/2018 10:00:00` in Moscow. */
export function dateStr(at: number): string {
  const [date = '', time = ''] = new Date(at + offsetMs).toISOString().slice(0, 19).split('T');
  return `${date.split('-').reverse().join('/')} ${time}`;
}

/** The instant of a Moscow date; undefined when there is no such date. Months from 1. */
export function moscowInstant([year, month, day, hour = 0, minute = 0, second = 0]: number[]): number | undefined {
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const at = Date.UTC(year, month - 1, day, hour, minute, second);
  const date = new Date(at);
  const exists =
    date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  return exists ? at - offsetMs : undefined;
}
