import { parseConfig } from '#shared/config/load-config.ts';
import { createApplyEvent } from '#shared/deliver.ts';
import { send } from '#shared/http/send.ts';
import { providerNamed } from '#shared/providers/registry.ts';
import type { DataSetName } from '#shared/stats/data-set.ts';
import { createStatsExport, type Format, manifestPrefix, readManifest } from '#shared/stats/export.ts';
import { createOutcomes } from '#shared/stats/outcomes.ts';
import { type AskedDays, type PullMessage, startPull } from '#shared/stats/pull-queue.ts';
import { createUnfinishedStore } from '#shared/stats/unfinished.ts';
import { createCallOwners } from '#shared/store/calls.ts';
import { createErasedPhones } from '#shared/store/erased-phones.ts';
import { createErasureStore } from '#shared/store/erasures.ts';
import { createLeadStore } from '#shared/store/leads.ts';
import { createMemoryObjects } from '#shared/store/memory-objects.ts';
import { createMemoryTable } from '#shared/store/memory-table.ts';
import { listAll, type ObjectStore } from '#shared/store/objects.ts';
import { createPaceStore } from '#shared/store/pace.ts';
import { createPhoneGuard } from '#shared/store/phones.ts';
import { createPullStore } from '#shared/store/pulls.ts';
import type { Table } from '#shared/store/table.ts';
import { createTokenStore } from '#shared/store/tokens.ts';
import { eraseLead } from '../../../functions/operate-leads/erase-lead.ts';
import { maxListBytes, type PullPorts, pullStats } from '../../../functions/pull-stats/pull-stats.ts';

const secret = (name: string) => ({ secret: name });

export const config = parseConfig({
  accounts: {
    keeper: { provider: 'callkeeper', unique: 'acme', apiak: secret('a'), whash: '96d6ec6937c878c2ca1f889b9b9e865a' },
    touch: { provider: 'calltouch', siteId: 1, apiToken: secret('b'), routeKey: 'main' },
    pozvonim: { provider: 'pozvonim', uid: 7, apiKey: secret('c'), siteId: 3 },
  },
  forms: {
    callback: { name: 'Call me back', origins: ['https://acme.example'], call: ['keeper', 'touch', 'pozvonim'] },
  },
  stats: { schedule: 'rate(1 hour)', lookbackDays: 3, formats: ['parquet', 'ndjson', 'csv'] },
});

export type PullerOptions = {
  origin: string;
  clock: () => number;
  formats?: Format[];
  /** Lets the time pass that a message waits. */
  pass?: (ms: number) => Promise<void>;
  /** How long a request may take here at most. */
  timeoutMs?: number;
  table?: Table;
  objects?: ObjectStore;
};

let nonces = 0;

/** The pull of all accounts on real HTTP, with the table and the bucket in memory, and without any waiting. */
export function createPuller({
  origin,
  clock,
  formats = ['parquet', 'ndjson', 'csv'],
  timeoutMs = 30_000,
  pass,
  ...stores
}: PullerOptions) {
  const table = stores.table ?? createMemoryTable();
  const objects = stores.objects ?? createMemoryObjects();
  const newNonce = () => `${String(++nonces).padStart(12, '0')}0000`;
  const wait = async () => {};
  const own = { table, clock, newNonce, wait, log: () => {} };
  const leads = createLeadStore({ ...own, retention: () => 365 * 86_400_000 });
  const callOwners = createCallOwners(own);
  const keyed = { ...own, readKey: async () => 'phone-key' };
  const phones = createPhoneGuard(keyed);
  const erasedPhones = createErasedPhones(keyed);
  const erasures = createErasureStore(own);
  const applyEvent = createApplyEvent({ ...own, leads, config, sendNudge: async () => {} });
  const outcomes = createOutcomes({ ...own, leads, callOwners, phones, applyEvent, config });
  const pulls = createPullStore(own);
  const queue: { message: PullMessage; delayMs: number }[] = [];
  const sendPull = async (message: PullMessage, delayMs = 0) => void queue.push({ message, delayMs });
  // Each request in its time on this clock; a slot of the pace lies ahead, and nobody waits for it here.
  const pace = { ...createPaceStore(own), reserve: async (_key: string, count: number) => Array(count).fill(clock()) };

  const portsOf = (account: string): PullPorts => {
    const provider = providerNamed(config.accounts[account]?.provider ?? '');
    return {
      ...own,
      provider,
      config,
      pulls,
      sendPull,
      leads,
      erasedPhones,
      erasures,
      join: outcomes.join,
      unfinished: createUnfinishedStore({ ...own, objects }),
      statsExport: createStatsExport({ ...own, objects, bucket: 'stats', formats }),
      connect: async (id, keep) =>
        provider.connect(
          { ...config.accounts[id], apiak: 'key', apiToken: 'key', apiKey: 'key' },
          {
            ...own,
            async send(request) {
              await keep();
              return send({ ...request, timeoutMs, maxBytes: Math.min(request.maxBytes, maxListBytes) });
            },
            tokens: createTokenStore(own),
            pace,
            origin,
          },
        ),
    };
  };

  /** Starts a pull of these accounts and works the queue off, as the functions would. Resolves with how each ended. */
  async function pull(id: string, accounts: string[], days: AskedDays = {}, remainingMs = () => 900_000) {
    for (const account of accounts) await startPull(id, account, days, { pulls, sendPull, clock, lookbackDays: 3 });
    await work(remainingMs);
    return pulls.getMany(id, accounts);
  }

  async function work(remainingMs = () => 900_000) {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      if (next.delayMs > 0) await pass?.(next.delayMs);
      await pullStats(next.message, remainingMs, portsOf(next.message.account));
    }
  }

  /** As an operator does, without working the queue off. */
  const erase = (id: string) => eraseLead(id, { ...own, leads, callOwners, erasedPhones, erasures, sendPull, config });

  return { table, objects, leads, callOwners, erasures, phones, outcomes, pulls, queue, portsOf, pull, work, erase };
}

/** All lines of the NDJSON files that the manifests name. Throws when a day has not as many as its manifest says. */
export async function readExport(
  objects: ObjectStore,
  dataSet: DataSetName = 'calls',
): Promise<Record<string, unknown>[]> {
  const lines: Record<string, unknown>[] = [];
  for await (const { key } of listAll(objects, manifestPrefix(dataSet))) {
    const manifest = await readManifest(objects, key);
    const before = lines.length;
    for (const file of manifest?.files ?? []) {
      if (file.format !== 'ndjson') continue;
      const body = Buffer.from((await objects.get(file.key)) ?? []).toString();
      for (const line of body.split('\n')) if (line !== '') lines.push(JSON.parse(line));
    }
    if (lines.length - before !== manifest?.records) throw new Error(`${key} is not whole`);
  }
  return lines;
}
