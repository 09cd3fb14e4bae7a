import { isTooLong } from './patience.ts';
import type { StatsWindow } from './provider.ts';

const minSpanMs = 1_000;

/**
 * Lists a window in parts: the whole at once, or, where the answer is longer than a request allows, halves of it down to a second.
 * A part that fitted lets the next one be twice as long. Throws what `list` throws.
 */
export async function* inParts<Item>(
  { from, to }: StatsWindow,
  list: (part: StatsWindow) => Promise<Item[]>,
): AsyncGenerator<Item[]> {
  let span = to - from;
  let start = from;
  while (start < to) {
    const end = Math.min(to, start + span);
    try {
      const items = await list({ from: start, to: end });
      yield items;
      start = end;
      span = Math.min(to - from, span * 2);
    } catch (error) {
      if (!isTooLong(error) || end - start <= minSpanMs) throw error;
      span = Math.max(minSpanMs, Math.floor((end - start) / 2 / 1000) * 1000);
    }
  }
}
