import type { pricePerMillion } from './cost/lead-price.ts';
import type { Drain } from './sections/drain.ts';
import type { FunctionFigures } from './sections/functions.ts';
import type { Grown } from './sections/growth.ts';
import type { Requests, Scenario } from './sections/requests.ts';
import type { Pulled } from './sections/stats-pull.ts';
import type { Ways } from './sections/way.ts';

/** What `results.json` holds: one run on one machine. */
export type Results = {
  machine: { processor: string; cores: number; memoryGb: number; system: string; node: string; loadBefore: number };
  startedAt: string;
  minutes: number;
  functions: FunctionFigures;
  requests: Record<Scenario, Requests>;
  price: ReturnType<typeof pricePerMillion>;
  way: Ways;
  drain: Drain;
  growth: Grown[];
  statsPull: Pulled[];
};
