import { formDefaults } from '#shared/config/form-defaults.ts';
import type { Config } from '#shared/config/schema.ts';
import { createApplyEvent } from '#shared/deliver.ts';
import type { Lead } from '#shared/lead/lead.ts';
import { providerNamed } from '#shared/providers/registry.ts';
import type { Nudge } from '#shared/queue.ts';
import { adoptReports } from '#shared/stats/adopt-reports.ts';
import { dayAt, windowOf } from '#shared/stats/day.ts';
import { hookPath } from '#shared/stats/hook-path.ts';
import { createOutcomes } from '#shared/stats/outcomes.ts';
import { createBreakerStore } from '#shared/store/breakers.ts';
import { createCallOwners } from '#shared/store/calls.ts';
import { type Counters, createMemoryCounters } from '#shared/store/counters.ts';
import { createErasedPhones } from '#shared/store/erased-phones.ts';
import { createErasureStore } from '#shared/store/erasures.ts';
import { createLeadStore, isErased } from '#shared/store/leads.ts';
import { createMadeUpKey } from '#shared/store/made-up-key.ts';
import { createPaceStore } from '#shared/store/pace.ts';
import { createPhoneGuard } from '#shared/store/phones.ts';
import type { Row } from '#shared/store/table.ts';
import { createTokenStore } from '#shared/store/tokens.ts';
import { forwardBatch } from '../../functions/forward-lead/forward-batch.ts';
import { actOnLead } from '../../functions/operate-leads/act-on-lead.ts';
import { eraseLead } from '../../functions/operate-leads/erase-lead.ts';
import type { Action } from '../../functions/operate-leads/refusals.ts';
import { releaseAccount } from '../../functions/operate-leads/release-account.ts';
import { receiveWebhook } from '../../functions/receive-webhook/receive-webhook.ts';
import { createRateLimit } from '../../functions/submit-form/rate-limit.ts';
import { createStamps } from '../../functions/submit-form/stamps.ts';
import { type SubmitInput, submitForm } from '../../functions/submit-form/submit-form.ts';
import { sweepLeads } from '../../functions/sweep-leads/sweep-leads.ts';
import { type Platform, providersOf } from './platform.ts';
import { functionTimeouts } from './scenario.ts';
import type { Process, World } from './world.ts';

const day = 24 * 60 * 60_000;

/** A design at work: what visitors, the clock and the operator may do to it. */
export type Deployment = {
  /** Hears the answer, if there is one. */
  submit(input: SubmitInput, onAnswer: (id: string | undefined) => void): void;
  sweep(): void;
  /** `onWrite` hears of each row that this has changed. */
  operate(lead: string, action: Action, onWrite: (row: Row) => void): void;
  /** Lets go what this account has refused. */
  releaseAccount(account: string): void;
  /** Takes a lead's personal data away; `onErased` hears when they are gone. */
  erase(lead: string, onErased: () => void): void;
  /** Reads the statistics of every account, and tells the leads what became of their calls. */
  pull(): void;
  /** A provider tells what becomes of a call. */
  hook(account: string, fields: object): void;
  leads(): Lead[];
};

/** Ringback's own code on the platform. */
export function createDeployment(
  world: World,
  platform: Platform,
  { forms, accounts }: Pick<Config, 'forms' | 'accounts'>,
): Deployment {
  const config = { forms, accounts } as Config;
  const { newNonce } = platform;
  const owners = new Set<string>();
  const counts = createMemoryCounters();

  function wire(process: Process, onWrite = (row: Row) => noticeClaim(row, process)) {
    const { clock, wait } = process;
    const log = platform.logOf(process);
    const table = platform.tableOf(process, onWrite);
    const retention = () => formDefaults.retentionDays * day;
    const leads = createLeadStore({ table, newNonce, clock, retention });
    const sendNudge = (provider: string, nudge: Nudge, delay = 0) =>
      process.reach('queue', () => queues.get(provider)?.send(nudge, delay));
    const applyEvent = createApplyEvent({ leads, config, sendNudge, clock, log });
    return { config, table, leads, sendNudge, applyEvent, clock, wait, newNonce, log };
  }

  /** Tells the platform that this process is now making an attempt of its own. */
  function noticeClaim({ pk, value }: Row, process: Process): void {
    if (!pk.startsWith('lead#')) return;
    const { deliveries, attribution } = value as Lead;
    for (const { claim, kind, attempts } of deliveries) {
      if (kind === 'track' || claim === null || owners.has(claim.owner)) continue;
      owners.add(claim.owner);
      platform.beginAttempt(process, attribution.current_page ?? '', attempts);
    }
  }

  function submitPorts(process: Process) {
    const wired = wire(process);
    const counters: Counters = {
      add: (key, amount, expiresAt) => process.reach('table write', () => counts.add(key, amount, expiresAt)),
    };
    return {
      ...wired,
      stamps: createStamps(wired),
      readIdKey: createMadeUpKey(wired, 'lead-id-key'),
      rateLimit: createRateLimit({ ...wired, counters }),
      verifyCaptcha: async () => {
        throw new Error('no form of the scenario has a captcha');
      },
    };
  }

  function guards(process: Process, onWrite?: (row: Row) => void) {
    const wired = wire(process, onWrite);
    const callOwners = createCallOwners(wired);
    const phones = createPhoneGuard({ ...wired, readKey: async () => 'key' });
    const outcomes = createOutcomes({ ...wired, callOwners, phones });
    return { ...wired, callOwners, phones, outcomes, breakers: createBreakerStore(wired) };
  }

  function connect(account: string, process: Process) {
    const wired = wire(process);
    const settings = accounts[account] ?? { provider: '' };
    return providerNamed(settings.provider).connect(settings, {
      ...wired,
      send: platform.sendOf(process),
      tokens: createTokenStore(wired),
      pace: createPaceStore(wired),
      origin: `https://${settings.provider}`,
    });
  }

  function forwardPorts(process: Process, provider: string) {
    const guarded = guards(process);
    const { outcomes, log } = guarded;
    return {
      ...guarded,
      provider,
      callOwners: adoptReports(guarded.callOwners, outcomes, log),
      connect: async (account: string) => connect(account, process),
    };
  }

  async function pull(account: string, process: Process): Promise<void> {
    const { outcomes, clock } = guards(process);
    const { listCalls } = connect(account, process);
    if (listCalls === undefined) throw new Error(`the account ${account} lists no calls`);
    for await (const calls of listCalls(windowOf(dayAt(clock())))) {
      await outcomes.join(accounts[account]?.provider ?? '', calls);
    }
  }

  function forward(provider: string, nudges: Nudge[], onEnd: (failed: Nudge[]) => void): void {
    const startedAt = world.now();
    const remaining = () => functionTimeouts.forwardLead - (world.now() - startedAt);
    let failed = nudges;
    platform.invoke(
      `forward-lead-${provider}`,
      functionTimeouts.forwardLead,
      async (process) => {
        const results = await forwardBatch(nudges, remaining, forwardPorts(process, provider));
        for (const result of results) platform.judge(result);
        failed = nudges.filter((_nudge, index) => results[index]?.status === 'rejected');
      },
      () => onEnd(failed),
    );
  }

  const queues = new Map(
    providersOf(accounts).map((provider) => [
      provider,
      platform.queueOf(provider, (nudges, onEnd) => forward(provider, nudges, onEnd), true),
    ]),
  );

  async function receiveHook(account: string, fields: object, process: Process): Promise<void> {
    const key = 'key';
    const { outcomes, log } = guards(process);
    const path = hookPath(account, key);
    const secret = path.slice(path.lastIndexOf('/') + 1);
    const request = {
      method: 'POST',
      path,
      pathParameters: { account, secret },
      query: new URLSearchParams(),
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify(fields)),
      address: '203.0.113.9',
    };
    await receiveWebhook(request, { config, outcomes, readKey: async () => key, log });
  }

  return {
    submit: (input, onAnswer) =>
      platform.invoke(
        'submit-form',
        functionTimeouts.submitForm,
        async (process) => onAnswer((await submitForm(input, submitPorts(process))).id),
        (isDone) => void (isDone || onAnswer(undefined)),
      ),
    sweep: () =>
      platform.invoke('sweep-leads', functionTimeouts.sweepLeads, (process) =>
        sweepLeads(() => functionTimeouts.sweepLeads, wire(process)),
      ),
    operate: (lead, action, onWrite) =>
      platform.invoke('operate-leads', functionTimeouts.operateLeads, (process) =>
        actOnLead(lead, action, guards(process, onWrite)),
      ),
    releaseAccount: (account) =>
      platform.invoke('operate-leads', functionTimeouts.operateLeads, (process) =>
        releaseAccount(account, {}, guards(process)),
      ),
    erase: (lead, onErased) =>
      platform.invoke('operate-leads', functionTimeouts.operateLeads, (process) => {
        const onWrite = ({ value }: Row) => isErased(value) && onErased();
        const guarded = guards(process, onWrite);
        const readKey = async () => 'key';
        const erasedPhones = createErasedPhones({ ...guarded, readKey });
        const sendPull = () => process.reach('queue', () => undefined);
        return eraseLead(lead, { ...guarded, erasedPhones, erasures: createErasureStore(guarded), sendPull });
      }),
    pull() {
      for (const account of Object.keys(accounts)) {
        platform.invoke('pull-stats', functionTimeouts.pullStats, (process) => pull(account, process));
      }
    },
    hook: (account, fields) =>
      platform.invoke('receive-webhook', functionTimeouts.receiveWebhook, (process) =>
        receiveHook(account, fields, process),
      ),
    leads: () =>
      [...platform.rows.rows.values()]
        .filter(({ pk, value }) => pk.startsWith('lead#') && !isErased(value))
        .map(({ value }) => value as Lead),
  };
}
