import fc from 'fast-check';
import { test } from 'vitest';
import { createBreakerStore } from '#shared/store/breakers.ts';
import { createCallOwners } from '#shared/store/calls.ts';
import { change } from '#shared/store/change.ts';
import { createLeadStore } from '#shared/store/leads.ts';
import { createPhoneGuard } from '#shared/store/phones.ts';
import type { Table } from '#shared/store/table.ts';
import { makeLead } from '../../support/leads.ts';
import { describeOnBothTables } from './tables.ts';

const minute = 60_000;
const hour = 60 * minute;
const start = Date.UTC(2026, 10, 22, 9);
const limit = { calls: 2, perHours: 2 };
const probeEvery = 5 * minute;
let runs = 0;

/** What the stores should hold, in the simplest terms. */
type Model = {
  now: number;
  counts: Map<string, number>;
  leads: Map<string, { name: string; wakeAt: number | null }>;
  admissions: Map<string, { lead: string; at: number }[]>;
  owners: Map<string, string>;
  breakers: Map<string, number>;
};

type Stores = ReturnType<typeof openStores>;

/** The stores over this table, in which a put whose answer is lost says that it failed. Names are this run's own. */
function openStores(table: Table) {
  const run = runs++;
  const time = { now: start };
  let nonces = 0;
  let lossesLeft = 0;
  const lossy: Table = {
    ...table,
    async put(row) {
      const written = await table.put(row);
      if (lossesLeft === 0) return written;
      lossesLeft--;
      return false;
    },
  };
  const base = { table: lossy, newNonce: () => `nonce-${run}-${++nonces}`, clock: () => time.now };
  return {
    time,
    /** So many of the next puts take effect and say that they did not. */
    loseAnswers: (count: number) => {
      lossesLeft = count;
    },
    own: (name: string) => `${name}-${run}`,
    count: (pk: string) => change<number>(base, pk, (current) => ({ value: (current ?? 0) + 1 })),
    leads: createLeadStore({ ...base, retention: () => hour }),
    phones: createPhoneGuard({ ...base, readKey: async () => `key-${run}` }),
    owners: createCallOwners(base),
    breakers: createBreakerStore(base),
  };
}

type Command = fc.AsyncCommand<Model, Stores>;
const always = () => true;

/** A command from what it is called and what it does to both; it fails by throwing. */
function command(name: string, run: (model: Model, stores: Stores) => Promise<void>): Command {
  return { check: always, run, toString: () => name };
}

function same(what: string, actual: unknown, expected: unknown): void {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${what}: ${a}, but the model says ${b}`);
}

const name = fc.constantFrom('a', 'b');
const lost = fc.constantFrom(0, 0, 1, 2);

const commands = [
  fc.integer({ min: 1, max: 30 }).map((minutes) =>
    command(`${minutes} minutes pass`, async (model, { time }) => {
      model.now += minutes * minute;
      time.now = model.now;
    }),
  ),
  fc.tuple(name, lost).map(([id, losses]) =>
    command(`count ${id}, losing ${losses}`, async (model, stores) => {
      stores.loseAnswers(losses);
      const { value } = await stores.count(stores.own(`count-${id}`));
      stores.loseAnswers(0);
      model.counts.set(id, (model.counts.get(id) ?? 0) + 1);
      same('the count', value, model.counts.get(id));
    }),
  ),
  fc.tuple(name, fc.string({ maxLength: 5 }), lost).map(([id, text, losses]) =>
    command(`create lead ${id}, losing ${losses}`, async (model, stores) => {
      stores.loseAnswers(losses);
      const lead = makeLead({
        id: stores.own(id),
        name: text,
        createdAt: model.now,
        deliveries: [{ wakeAt: model.now }],
      });
      const { created } = await stores.leads.create(lead);
      stores.loseAnswers(0);
      same('created', created, !model.leads.has(id));
      if (created) model.leads.set(id, { name: text, wakeAt: model.now });
    }),
  ),
  fc.tuple(name, fc.option(fc.integer({ min: 0, max: 120 })), lost).map(([id, minutes, losses]) =>
    command(`wake lead ${id} in ${minutes} minutes, losing ${losses}`, async (model, stores) => {
      const wakeAt = minutes === null ? null : model.now + minutes * minute;
      stores.loseAnswers(losses);
      const { written } = await stores.leads.change(stores.own(id), (lead) => ({
        ...lead,
        deliveries: lead.deliveries.map((delivery) => ({ ...delivery, wakeAt })),
      }));
      stores.loseAnswers(0);
      const known = model.leads.get(id);
      same('written', written, known !== undefined);
      if (known) model.leads.set(id, { ...known, wakeAt });
    }),
  ),
  fc.constant(
    command('what is due', async (model, stores) => {
      const ids = [...model.leads.keys()].map(stores.own);
      const due = (await stores.leads.due(model.now, 100_000)).map((key) => key.id).filter((id) => ids.includes(id));
      const expected = [...model.leads].filter(([, { wakeAt }]) => wakeAt !== null && wakeAt <= model.now);
      same('due', due.sort(), expected.map(([id]) => stores.own(id)).sort());
      const names = (await stores.leads.getMany(ids)).map((lead) => lead.name);
      same(
        'names',
        names,
        [...model.leads.values()].map((lead) => lead.name),
      );
    }),
  ),
  fc.tuple(name, fc.constantFrom('1', '2', '3', '4'), lost).map(([phone, lead, losses]) =>
    command(`admit lead ${lead} to phone ${phone}, losing ${losses}`, async (model, stores) => {
      stores.loseAnswers(losses);
      const verdict = await stores.phones.admit(phone, { lead, form: 'f', windowFrom: null }, limit);
      stores.loseAnswers(0);
      // Admissions are kept for a day, rings count for two hours.
      const kept = (model.admissions.get(phone) ?? []).filter(({ at }) => model.now - at < 24 * hour);
      const counted = kept.filter(({ at }) => model.now - at < limit.perHours * hour);
      const isKnown = kept.some((other) => other.lead === lead);
      same('verdict', verdict, isKnown || counted.length < limit.calls ? 'admitted' : 'too-many');
      if (verdict === 'admitted' && !isKnown) model.admissions.set(phone, [...kept, { lead, at: model.now }]);
    }),
  ),
  fc.tuple(name, name, lost).map(([call, lead, losses]) =>
    command(`lead ${lead} takes call ${call}, losing ${losses}`, async (model, stores) => {
      stores.loseAnswers(Math.min(losses, 1));
      const { owner } = await stores.owners.take('callkeeper', stores.own(call), lead);
      stores.loseAnswers(0);
      if (!model.owners.has(call)) model.owners.set(call, lead);
      same('owner', owner, model.owners.get(call));
      same('owner', await stores.owners.ownerOf('callkeeper', stores.own(call)), owner);
    }),
  ),
  fc.tuple(name, fc.constantFrom('open', 'close', 'ask'), lost).map(([account, what, losses]) =>
    command(`${what} breaker ${account}, losing ${losses}`, async (model, stores) => {
      const id = stores.own(account);
      const probeAt = model.breakers.get(account);
      stores.loseAnswers(losses);
      if (what === 'open') {
        await stores.breakers.open(id, 'reason');
        model.breakers.set(account, model.now + probeEvery);
      } else if (what === 'close') {
        await stores.breakers.close(id);
        model.breakers.delete(account);
      } else {
        const { state } = await stores.breakers.ask(id);
        const isProbe = probeAt !== undefined && model.now >= probeAt;
        same('breaker', state, probeAt === undefined ? 'closed' : isProbe ? 'probe' : 'open');
        if (isProbe) model.breakers.set(account, model.now + probeEvery);
      }
      stores.loseAnswers(0);
    }),
  ),
];

describeOnBothTables('the stores do what a simple model does, answers lost or not', (table) => {
  test('in any order of commands', { timeout: 60_000 }, async () => {
    const property = fc.asyncProperty(fc.commands(commands, { maxCommands: 80, size: 'max' }), async (sequence) => {
      const setup = () => ({
        model: {
          now: start,
          counts: new Map(),
          leads: new Map(),
          admissions: new Map(),
          owners: new Map(),
          breakers: new Map(),
        },
        real: openStores(table()),
      });
      await fc.asyncModelRun(setup, sequence);
    });
    await fc.assert(property, { numRuns: 25 });
  });
});
