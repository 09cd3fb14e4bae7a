import type { FunctionName } from '#shared/config/environment.ts';
import { createCounter } from '../cost/count.ts';
import { median } from '../harness/figures.ts';
import { eventOf } from '../harness/function-events.ts';
import { createFunctionsWorld, type FunctionsWorld } from '../harness/functions-world.ts';
import { startGrownTables } from '../harness/grown-tables.ts';
import { inTurn } from '../harness/in-turn.ts';

/** A sweep that finds nothing due, the console's first page, a lead's way through both functions. */
const jobs = ['sweep', 'page', 'lead'] as const;
type Job = (typeof jobs)[number];

/** What one takes when it is warm: milliseconds, and DynamoDB's units. */
type Taken = { latencyMs: number; writeUnits: number; readUnits: number };

/** Where so many leads are stored. */
export type Grown = { stored: number } & Record<Job, Taken>;

type Plan = { functions: FunctionName[]; rounds: number; warmUp: number; measured: number };

const plans: Record<Job, Plan> = {
  sweep: { functions: ['sweep-leads'], rounds: 6, warmUp: 20, measured: 40 },
  page: { functions: ['operate-leads'], rounds: 6, warmUp: 10, measured: 30 },
  lead: { functions: ['submit-form', 'forward-lead'], rounds: 12, warmUp: 30, measured: 60 },
};
const counted = 20;
const sizes = [1, 1_000, 1_000_000];

/**
 * Lets the functions work by turns in front of tables that hold one delivered lead, a thousand and a million: the embedded
 * DynamoDB's, each in a process of its own. What DynamoDB itself takes for a large table is not measured.
 */
export async function measureGrowth(): Promise<Grown[]> {
  const world = await createFunctionsWorld();
  try {
    const { tables, close } = await startGrownTables(world, sizes);
    try {
      const grown = tables.map((table) => ({ ...table, taken: {} as Record<Job, Taken> }));
      // Leads come last, for each run adds its own to the table, a good thousand by the end.
      for (const job of jobs) {
        const latencies = await latenciesByTurns(world, tables, plans[job]);
        for (const { origin, taken } of grown) {
          const latencyMs = median(latencies.get(origin) ?? []);
          taken[job] = { latencyMs, ...(await countUnits(world, origin, plans[job])) };
        }
      }
      return grown.map(({ stored, taken }) => ({ stored, ...taken }));
    } finally {
      await close();
    }
  } finally {
    await world.close();
  }
}

/** By the table's origin, of each round. */
async function latenciesByTurns(world: FunctionsWorld, tables: { origin: string }[], plan: Plan) {
  const latencies = new Map(tables.map(({ origin }): [string, number[]] => [origin, []]));
  for (let round = 0; round < plan.rounds; round++) {
    for (const { origin } of inTurn(tables, round)) {
      latencies.get(origin)?.push(await run(world, origin, plan.functions, plan));
    }
  }
  return latencies;
}

/** Of one invocation after the first, through a counter in front of the table. */
async function countUnits(world: FunctionsWorld, table: string, { functions }: Plan) {
  const counter = createCounter();
  const { origin } = world.stub;
  const services = { database: table, queues: origin, buckets: origin, ssm: origin };
  const { database } = await counter.watch.between(services);
  const countsOf = async (measured: number) => {
    counter.reset();
    await run(world, database, functions, { warmUp: 0, measured });
    return counter.counts();
  };
  try {
    const first = await countsOf(0);
    const all = await countsOf(counted);
    return {
      writeUnits: (all.writeUnits - first.writeUnits) / counted,
      readUnits: (all.readUnits - first.readUnits) / counted,
    };
  } finally {
    await counter.close();
  }
}

/** Resolves with the medians of the functions' milliseconds, added up. */
async function run(
  world: FunctionsWorld,
  database: string,
  functions: FunctionName[],
  { warmUp, measured }: { warmUp: number; measured: number },
): Promise<number> {
  let latencyMs = 0;
  for (const name of functions) {
    const count = 1 + warmUp + measured;
    const [first, ...rest] = Array.from({ length: count }, () => growthEvent(name, world));
    const plan = { first, warmUp: rest.slice(0, warmUp), measured: rest.slice(warmUp), allocating: [] };
    latencyMs += (await world.run(name, plan, { origin: world.stub.origin, database })).latencyMs;
  }
  return latencyMs;
}

function growthEvent(name: FunctionName, { stub }: FunctionsWorld): unknown {
  const event = eventOf(name, stub);
  if (name !== 'operate-leads') return event;
  return { ...(event as object), queryStringParameters: { form: 'callback', limit: '50' } };
}
