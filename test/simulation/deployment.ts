import { formDefaults } from '#shared/config/form-defaults.ts';
import type { Config } from '#shared/config/schema.ts';
import { createApplyEvent } from '#shared/deliver.ts';
import type { Event } from '#shared/lead/delivery.ts';
import type { Log } from '#shared/log.ts';
import { providerNamed } from '#shared/providers/registry.ts';
import type { Nudge } from '#shared/queue.ts';
import { createBreakerStore } from '#shared/store/breakers.ts';
import { createCallOwners } from '#shared/store/calls.ts';
import { createLeadStore } from '#shared/store/leads.ts';
import { createMemoryTable } from '#shared/store/memory-table.ts';
import { createPaceStore } from '#shared/store/pace.ts';
import { createPhoneGuard } from '#shared/store/phones.ts';
import type { Table } from '#shared/store/table.ts';
import { createTokenStore } from '#shared/store/tokens.ts';
import { forwardLead } from '../../functions/forward-lead/forward-lead.ts';
import { type SubmitInput, submitForm } from '../../functions/submit-form/submit-form.ts';
import { sweepLeads } from '../../functions/sweep-leads/sweep-leads.ts';
import { simulators as createSimulators } from '../../infra/local/simulators/registry.ts';
import { createMemoryJournal, type Simulator } from '../../infra/local/simulators/simulator.ts';
import { createExchange, type HttpFault } from './exchange.ts';
import type { Process, World } from './world.ts';

const day = 24 * 60 * 60_000;
const visibilityMs = 6 * 60_000;
const maxReceives = 5;
const functionMs = 60_000;

export type Chances = {
  /** How far a function's clock may be off, either way. */
  skewMs: number;
  messageLost: number;
  messageTwice: number;
  http: () => HttpFault | undefined;
};

export type Deployment = ReturnType<typeof createDeployment>;

/** The production code of one deployment, its ports in the hands of the world. `accounts` have their secrets resolved. */
export function createDeployment(
  world: World,
  { forms, accounts }: Pick<Config, 'forms' | 'accounts'>,
  chances: Chances,
) {
  const rows = createMemoryTable();
  const config = { forms, accounts } as Config;
  const simulators = startSimulators(world, accounts);
  let nonces = 0;
  const newNonce = () => `nonce-${++nonces}`;

  function wire(process: Process) {
    const { clock, wait } = process;
    const table: Table = {
      get: (pk) => process.reach('table read', () => rows.get(pk)),
      getMany: (pks) => process.reach('table read', () => rows.getMany(pks)),
      query: (query) => process.reach('table read', () => rows.query(query)),
      put: (row) => process.reach('table write', () => rows.put(row)),
    };
    const retention = () => formDefaults.retentionDays * day;
    const leads = createLeadStore({ table, newNonce, clock, retention });
    const sendNudge = (provider: string, nudge: Nudge, delay = 0) =>
      process.reach('queue', () => enqueue(provider, nudge, delay));
    const applyEvent = createApplyEvent({ leads, config, sendNudge, clock, log });
    return { config, table, leads, sendNudge, applyEvent, clock, wait, newNonce, log };
  }

  function forwardPorts(process: Process, provider: string) {
    const wired = wire(process);
    const send = createExchange(world, process, simulators, chances.http);
    const ports = {
      ...wired,
      send,
      tokens: createTokenStore(wired),
      pace: createPaceStore(wired),
      origin: `https://${provider}`,
    };
    return {
      ...wired,
      provider,
      callOwners: createCallOwners({ ...wired, expiresAt: () => wired.clock() + day }),
      phones: createPhoneGuard({ ...wired, readKey: async () => 'key' }),
      breakers: createBreakerStore(wired),
      connect: async (account: string) => providerNamed(provider).connect(accounts[account] ?? {}, ports),
    };
  }

  /** Starts a function with a clock that is off; it dies when its work is done, too. `onEnd` hears whether it came to its end. */
  function invoke(work: (process: Process) => Promise<unknown>, onEnd: (isDone: boolean) => void = () => {}): void {
    let hasEnded = false;
    const end = (isDone: boolean) => {
      if (!hasEnded) onEnd(isDone);
      hasEnded = true;
    };
    const skew = Math.round((world.random() * 2 - 1) * chances.skewMs);
    const process = world.createProcess(skew, () => end(false));
    world.after(functionMs, () => process.kill());
    work(process).then(
      () => end(true),
      (error: unknown) => {
        if (!isExpected(error)) throw error;
        end(false);
      },
    );
  }

  async function enqueue(provider: string, nudge: Nudge, delay: number): Promise<void> {
    const copies = world.random() < chances.messageTwice ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      if (world.random() < chances.messageLost) continue;
      const delaySeconds = Math.ceil(delay / 1000);
      world.after(delaySeconds * 1000 + 5 + Math.floor(world.random() * 100), () => receive(provider, nudge, 1));
    }
  }

  function receive(provider: string, nudge: Nudge, receives: number): void {
    const startedAt = world.now();
    const remaining = () => functionMs - (world.now() - startedAt);
    invoke(
      (process) => forwardLead(nudge, remaining, forwardPorts(process, provider)),
      (isDone) => {
        if (!isDone && receives < maxReceives) world.after(visibilityMs, () => receive(provider, nudge, receives + 1));
      },
    );
  }

  return {
    rows,
    simulators,
    /** Hears the answer, if there is one. */
    submit(input: SubmitInput, onAnswer: (id: string | undefined) => void): void {
      invoke(
        async (process) => onAnswer((await submitForm(input, wire(process))).id),
        (isDone) => void (isDone || onAnswer(undefined)),
      );
    },
    sweep: () => invoke((process) => sweepLeads(() => functionMs, wire(process))),
    operate: (lead: string, delivery: string, event: Event) =>
      invoke((process) => wire(process).applyEvent(lead, delivery, event)),
  };
}

const log: Log = () => {};

function startSimulators(world: World, accounts: Config['accounts']): Map<string, Simulator> {
  const names = [...new Set(Object.values(accounts).map((account) => account.provider))];
  return new Map(
    names.map((name) => {
      const own = Object.entries(accounts).filter(([, account]) => account.provider === name);
      const create = createSimulators[name];
      if (create === undefined) throw new Error(`there is no simulator of ${name}`);
      const options = {
        accounts: Object.fromEntries(own),
        clock: world.now,
        journal: createMemoryJournal(),
        random: world.random,
      };
      return [name, create(options)];
    }),
  );
}

/** Outages end a function as they would in the cloud; anything else is a bug of ours. */
function isExpected(error: unknown): boolean {
  return error instanceof Error && ['SimulatedOutage', 'TokenWaitError'].includes(error.name);
}
