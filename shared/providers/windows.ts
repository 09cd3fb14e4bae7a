import { isTooLong } from './patience.ts';
import type { Place, StatsWindow } from './provider.ts';

const minSpanMs = 1_000;

/**
 * Lists a window in parts: the whole at once, or, where the answer is longer than a request allows, halves of it down to a second.
 * A part that fitted lets the next one be twice as long. A place is an instant. Throws what `list` throws.
 */
export async function* inParts<Item>(
  { from, to }: StatsWindow,
  list: (part: StatsWindow) => Promise<Item[]>,
  place?: Place,
): AsyncGenerator<Item[]> {
  let span = to - from;
  let start = place?.from === undefined ? from : Number(place.from);
  while (start < to) {
    const end = Math.min(to, start + span);
    try {
      const items = await list({ from: start, to: end });
      start = end;
      place?.passed(String(end));
      yield items;
      span = Math.min(to - from, span * 2);
    } catch (error) {
      if (!isTooLong(error) || end - start <= minSpanMs) throw error;
      span = Math.max(minSpanMs, Math.floor((end - start) / 2 / 1000) * 1000);
    }
  }
}
