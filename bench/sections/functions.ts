import { stat } from 'node:fs/promises';
import { peers } from '../harness/bundle-peers.ts';
import { median } from '../harness/figures.ts';
import { acceptors, eventOf, type Measurable } from '../harness/function-events.ts';
import { createFunctionsWorld, type FunctionsWorld, functionNames } from '../harness/functions-world.ts';
import { inTurn } from '../harness/in-turn.ts';
import type { Events, RunResult } from '../harness/run-bundle.ts';

/** Medians; milliseconds from the start of the process to the handler, and to the end of its first invocation. */
export type ColdStart = { readyMs: number; firstAnswerMs: number };
export type Warm = { cpuMs: number; allocatedKb: number };

export type FunctionFigures = {
  bytes: Record<Measurable, number>;
  coldStart: Record<Measurable, ColdStart>;
  warm: Partial<Record<Measurable, Warm>>;
};

const measurable: Measurable[] = [...peers, ...functionNames];
const warmed: Measurable[] = [...peers, 'submit-form', 'forward-lead'];

const coldRounds = 11;
const warmRounds = 5;
const invocations = { warmUp: 200, measured: 300, allocating: 100 };

/** Sizes, cold starts and warm invocations of all functions beside those of the peers, by turns. */
export async function measureFunctions(): Promise<FunctionFigures> {
  const world = await createFunctionsWorld();
  try {
    const sizes = measurable.map(async (name) => [name, (await stat(world.files[name])).size] as const);
    const bytes = Object.fromEntries(await Promise.all(sizes)) as FunctionFigures['bytes'];
    // In some rounds leads are forwarded before any is accepted: as many as a run takes lie ready.
    for (const name of new Set(Object.values(acceptors))) await world.run(name, eventsFor(name, world, 1));
    const cold = await runRounds(world, measurable, coldRounds, (name) => eventsFor(name, world, 0));
    const warm = await runRounds(world, warmed, warmRounds, (name) => eventsFor(name, world, 1));
    return {
      bytes,
      coldStart: mapValues(cold, (runs) => ({
        readyMs: median(runs.map(({ readyMs }) => readyMs)),
        firstAnswerMs: median(runs.map(({ firstAnswerMs }) => firstAnswerMs)),
      })) as FunctionFigures['coldStart'],
      warm: mapValues(warm, (runs) => ({
        cpuMs: median(runs.map(({ cpuMs }) => cpuMs)),
        allocatedKb: median(runs.map(({ allocatedKb }) => allocatedKb)),
      })),
    };
  } finally {
    await world.close();
  }
}

async function runRounds(
  world: FunctionsWorld,
  names: Measurable[],
  rounds: number,
  eventsOf: (name: Measurable) => Events,
): Promise<Record<string, RunResult[]>> {
  const results: Record<string, RunResult[]> = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of inTurn(names, round)) {
      results[name]?.push(await world.run(name, eventsOf(name)));
    }
  }
  return results;
}

/** `share` of the warm invocations, besides the first. */
function eventsFor(name: Measurable, { stub }: FunctionsWorld, share: number): Events {
  const events = (count: number) => Array.from({ length: count * share }, () => eventOf(name, stub));
  return {
    first: eventOf(name, stub),
    warmUp: events(invocations.warmUp),
    measured: events(invocations.measured),
    allocating: events(invocations.allocating),
  };
}

function mapValues<From, To>(record: Record<string, From>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
