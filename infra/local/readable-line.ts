import * as z from 'zod';
import { metricDimension, metricUnits } from '#shared/log.ts';

const eventSchema = z.looseObject({
  event: z.string(),
  state: z.string().optional(),
  ms: z.number().optional(),
  [metricDimension]: z.string().optional(),
  _aws: z.unknown().optional(),
});
const shortId = 8;

/** A line that a function has logged, for people: `delivery attempted: PLACED in 84 ms  lead=a1b2c3d4…  account=sales`. Metrics are left to CloudWatch. Other text stays as it is. */
export function readableLine(line: string): string {
  const parsed = eventSchema.safeParse(parseObject(line));
  if (!parsed.success) return line;
  const { event, state, ms, error, _aws, [metricDimension]: _stack, ...details } = parsed.data;
  const outcome = [...(state === undefined ? [] : [state]), ...(ms === undefined ? [] : [`in ${ms} ms`])].join(' ');
  const pairs = Object.entries(details)
    .filter(([key]) => !Object.hasOwn(metricUnits, key))
    .map(([key, value]) => `  ${key}=${key === 'lead' ? shorten(value) : value}`);
  const trace = error === undefined ? '' : `\n${String(error).replaceAll(/^/gm, '  ')}`;
  return `${event}${outcome === '' ? '' : `: ${outcome}`}${pairs.join('')}${trace}`;
}

function shorten(id: unknown): string {
  const text = String(id);
  return text.length > shortId ? `${text.slice(0, shortId)}…` : text;
}

function parseObject(line: string): unknown {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
