import { type Day, dayAt, daySchema } from '#shared/stats/day.ts';
import { CommandError } from './terminal.ts';

/** Days of UTC, both included. */
export type Period = { from?: Day | undefined; to?: Day | undefined };

/** The days that `--from` and `--to` name. Throws CommandError for one that is no day, and where nothing can have happened yet. */
export function readPeriod(given: { from?: string | undefined; to?: string | undefined }, now: number): Period {
  const [from, to] = [readDay('from', given.from), readDay('to', given.to)];
  const today = dayAt(now);
  if (from !== undefined && from > today)
    throw new CommandError(`--from ${from} is still to come: today is ${today} (UTC).`);
  if (from !== undefined && to !== undefined && from > to) throw new CommandError('--from must not lie after --to.');
  return { from, to };
}

/** The same where days to come cannot be asked for at all. */
export function readPastPeriod(given: { from?: string | undefined; to?: string | undefined }, now: number): Period {
  const period = readPeriod(given, now);
  const today = dayAt(now);
  if ((period.to ?? '') > today) throw new CommandError(`--to ${period.to} is still to come: today is ${today} (UTC).`);
  return period;
}

function readDay(name: string, text: string | undefined): Day | undefined {
  if (text === undefined) return undefined;
  const day = daySchema.safeParse(text);
  if (day.success) return day.data;
  throw new CommandError(`--${name} must be a day such as 2026-11-22, and is ${JSON.stringify(text)}.`);
}
