import { setTimeout as wait } from 'node:timers/promises';
import { createMemoryObjects } from '#shared/store/memory-objects.ts';
import { createMemoryTable } from '#shared/store/memory-table.ts';
import type { ObjectStore } from '#shared/store/objects.ts';
import { listen } from '../../support/listen.ts';
import { createRandom } from '../../support/virtual-time.ts';
import { mortal } from './mortal.ts';
import { oracleOf, sortTold, type Told, toldOf } from './oracle-call.ts';
import { createPuller, readExport } from './set-up.ts';
import { createWorld, type World } from './world.ts';

const hour = 3_600_000;
const day = 24 * hour;
const accounts = ['keeper', 'touch', 'pozvonim'];

export type OracleOptions = { seed: number; from: string; days: number; perDay: number };

/** What went wrong on the way, so that a run in which nothing did cannot pass for proof. */
export type Trouble = { skipped: number; doubled: number; kills: number; failedPulls: number; faults: number };

/** A lead of Calltouch's journal as oracle and export tell it. */
export type ToldLead = Record<'requestId' | 'createdAt' | 'phone' | 'name' | 'status', unknown>;

/**
 * Days of calls, pulled several times a day while requests fail and hang, schedules come twice or not at all and processes are killed.
 * Resolves, some days after the last call, with what the oracle knows and what the export says. Throws when a reader saw half a day.
 */
export async function runOracle({ seed, from, days, perDay }: OracleOptions) {
  // What happens to the schedules depends on the seed alone, what happens to requests also on the order in which they come.
  const [random, chance] = [createRandom(seed), createRandom(seed + 1)];
  const world = createWorld({ seed, from, days, perDay });
  const start = world.now;
  const host = await listen(world.server);
  const trouble: Trouble = { skipped: 0, doubled: 0, kills: 0, failedPulls: 0, faults: 0 };
  let calm = false;
  let down = '';
  world.faults = (provider) => {
    if (provider === down) return 'error';
    const kind = calm ? 1 : chance();
    if (kind > 0.08) return undefined;
    trouble.faults++;
    return kind < 0.02 ? 'hang' : kind < 0.04 ? 'error' : kind < 0.06 ? 'too-many' : 'reset';
  };

  const objects = createMemoryObjects();
  const table = createMemoryTable();
  const watched: ObjectStore = {
    ...objects,
    async put(...put) {
      await objects.put(...put);
      if (chance() < 10 / perDay) await readWhole(objects);
    },
  };
  // Whoever waits for another's lease lets time pass, or that of a killed process would never run out.
  const pass = async (ms: number) => {
    world.now += ms;
    await wait(5);
  };
  const boot = (killAfter = Number.POSITIVE_INFINITY) =>
    createPuller({
      origin: host.origin,
      clock: () => world.now,
      // A longer list takes longer to make up.
      timeoutMs: 150 + perDay / 10,
      pass,
      ...mortal(watched, table, killAfter),
    });

  const end = start + days * day;
  try {
    for (world.now = start; world.now < end; world.now += 8 * hour) {
      if (random() < 0.2) {
        trouble.skipped++;
        continue;
      }
      down = random() < 0.15 ? (['callkeeper', 'calltouch', 'pozvonim'][Math.floor(random() * 3)] ?? '') : '';
      const isKilled = random() < 0.1;
      const isDoubled = random() < 0.2;
      trouble.kills += isKilled ? 1 : 0;
      trouble.doubled += isDoubled ? 1 : 0;
      const pullers = [boot(isKilled ? Math.floor(random() * 120) : undefined), ...(isDoubled ? [boot()] : [])];
      const pulls = await Promise.allSettled(pullers.map((puller) => puller.pull('schedule', accounts)));
      for (const pull of pulls) if (pull.status === 'rejected' && !isKilled) throw pull.reason;
      const states = await boot().pulls.getMany('schedule', accounts);
      trouble.failedPulls += states.filter(({ state }) => state === 'failed').length;
    }
    calm = true;
    down = '';
    world.now = end + 3 * day;
    // The first goes on with what was cut off, the second begins where that ended.
    for (const id of ['schedule', 'schedule']) {
      const ended = await boot().pull(id, accounts);
      for (const { account, state, reason } of ended) {
        if (state !== 'done') throw new Error(`the last pull of ${account} is ${state}: ${reason}`);
      }
    }
  } finally {
    await host.close();
  }
  return {
    world,
    objects,
    trouble,
    expected: oracle(world, world.now),
    exported: sortTold((await readWhole(objects)).map(toldOf)),
    leads: { expected: leadOracle(world), exported: toldLeads(await readExport(objects, 'leads')) },
  };
}

/** Reads as anybody may at any moment. Throws when a day is not whole or a call is there twice. */
async function readWhole(objects: ObjectStore) {
  const lines = await readExport(objects);
  const ids = lines.map(({ provider, callId }) => `${provider} ${callId}`);
  if (new Set(ids).size !== ids.length) throw new Error('a reader saw a call twice');
  return lines;
}

function oracle(world: World, at: number): Told[] {
  return sortTold(world.calls.filter(({ startedAt }) => startedAt <= at).map((call) => oracleOf(world, call, at)));
}

/** Days after the last one each has its status. */
function leadOracle({ leads }: World): ToldLead[] {
  const tell = ({ id, createdAt, phone, name }: World['leads'][number]): ToldLead => ({
    requestId: id,
    createdAt: new Date(createdAt).toISOString(),
    phone: `+${phone}`,
    name,
    status: 'SUCCESSFUL',
  });
  return leads.map(tell).sort(byRequestId);
}

function toldLeads(lines: Record<string, unknown>[]): ToldLead[] {
  return lines
    .map(({ requestId, createdAt, phone, name, status }) => ({ requestId, createdAt, phone, name, status }))
    .sort(byRequestId);
}

function byRequestId(a: ToldLead, b: ToldLead): number {
  return String(a.requestId) < String(b.requestId) ? -1 : 1;
}
