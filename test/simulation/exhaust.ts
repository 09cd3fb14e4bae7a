import { type Fault, faultsAt, runFaults } from './run-faults.ts';

export type Exhausted = { singles: number; pairs: number; findings: string[] };

/**
 * Plays one lead of this form with every fault at every await and, for every `everyPair`th, with every further fault at every
 * await that follows, in the run as the first fault has changed it.
 */
export async function exhaust(form: string, everyPair: number): Promise<Exhausted> {
  const result: Exhausted = { singles: 0, pairs: 0, findings: [] };
  const { awaits } = await runFaults(form, new Map());
  let pair = 0;
  for (const first of faultsFrom(awaits, 0)) {
    const single = await play(form, [first], result);
    result.singles++;
    for (const second of faultsFrom(single, first.at + 1)) {
      if (pair++ % everyPair !== 0) continue;
      await play(form, [first, second], result);
      result.pairs++;
    }
  }
  return result;
}

type FaultAt = { at: number; fault: Fault };

function faultsFrom(awaits: Awaited<ReturnType<typeof runFaults>>['awaits'], from: number): FaultAt[] {
  return awaits.flatMap((kind, at) => (at < from ? [] : faultsAt(kind).map((fault) => ({ at, fault }))));
}

async function play(form: string, faults: FaultAt[], result: Exhausted) {
  const { verdict, awaits } = await runFaults(form, new Map(faults.map(({ at, fault }) => [at, fault])));
  for (const kind of ['lost', 'double', 'unexpected', 'unfinished'] as const) {
    const where = faults.map(({ at, fault }) => `${fault} at ${at}`).join(', ');
    result.findings.push(...verdict[kind].map((words) => `${form}, ${where}: ${kind}: ${words}`));
  }
  return awaits;
}
