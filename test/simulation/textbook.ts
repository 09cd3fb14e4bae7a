import { ProviderError } from '#shared/errors.ts';
import { newDeliveries } from '#shared/lead/delivery.ts';
import { keyedLeadId, payloadHash } from '#shared/lead/key.ts';
import type { Lead } from '#shared/lead/lead.ts';
import { toOrder } from '#shared/lead/order.ts';
import { providerNamed } from '#shared/providers/registry.ts';
import type { Nudge } from '#shared/queue.ts';
import { change } from '#shared/store/change.ts';
import { createPaceStore } from '#shared/store/pace.ts';
import { createTokenStore } from '#shared/store/tokens.ts';
import { readSubmission } from '../../functions/submit-form/read-submission.ts';
import type { SubmitInput } from '../../functions/submit-form/submit-form.ts';
import { providersOf } from './platform.ts';
import type { Design } from './run-seed.ts';
import { functionTimeouts } from './scenario.ts';
import { type Process, SimulatedOutage } from './world.ts';

/** What the wrapper keeps under the key of a message: in progress until then, or done with this result. */
type Entry = { inProgressUntil: number } | { providerId: string | null };

/**
 * What one would build from the usual parts: the form's function puts the lead into a queue that loses nothing, and the consumer
 * wraps its call to the provider into idempotency, as libraries for functions do it: a record "in progress" that runs out
 * with the function's time, deleted on an error, kept as done on success. The queue delivers again what failed, five times in all.
 */
export const createTextbook: Design = (_world, platform, { forms, accounts }) => {
  const leads = new Map<string, Lead>();

  async function submit(input: SubmitInput, process: Process): Promise<string> {
    const lead = newLead(input, process.clock());
    const account = accounts[lead.deliveries[0]?.account ?? ''];
    await process.reach('queue', () => {
      leads.set(lead.id, leads.get(lead.id) ?? lead);
      queues.get(account?.provider ?? '')?.send({ lead: lead.id, delivery: 'call' }, 0);
    });
    return lead.id;
  }

  async function consume({ lead: id }: Nudge, process: Process): Promise<void> {
    const lead = leads.get(id) as Lead;
    const { clock } = process;
    const store = { table: platform.tableOf(process), newNonce: platform.newNonce };
    const { value, written } = await change<Entry | null>(store, id, (entry) => {
      const isFree = !entry || ('inProgressUntil' in entry && entry.inProgressUntil < clock());
      return isFree ? { value: { inProgressUntil: clock() + functionTimeouts.forwardLead } } : undefined;
    });
    if (!written && value && 'inProgressUntil' in value) throw new SimulatedOutage('already in progress');
    if (!written) return;
    let providerId: string | null;
    try {
      providerId = await place(lead, process);
    } catch (error) {
      await change<Entry | null>(store, id, () => ({ value: null }));
      throw error instanceof ProviderError ? new SimulatedOutage(error.message) : error;
    }
    await change<Entry | null>(store, id, () => ({ value: { providerId } }));
  }

  /** The accounts of the route in turn, where the provider's answer says that this one cannot. Null: the number is refused. */
  async function place(lead: Lead, process: Process): Promise<string | null> {
    let refusal: unknown;
    for (const account of lead.deliveries[0]?.route ?? []) {
      try {
        const order = toOrder(lead, forms[lead.form], process.clock());
        const placed = await connect(account, process).placeCall?.(order);
        return placed?.providerId ?? null;
      } catch (error) {
        if (error instanceof ProviderError && error.fault === 'lead') return null;
        if (!(error instanceof ProviderError) || error.fault !== 'account') throw error;
        refusal = error;
      }
    }
    throw refusal;
  }

  function connect(account: string, process: Process) {
    const { clock, wait } = process;
    const settings = accounts[account] ?? { provider: '' };
    const ports = { table: platform.tableOf(process), newNonce: platform.newNonce, clock, wait };
    return providerNamed(settings.provider).connect(settings, {
      ...ports,
      send: platform.sendOf(process),
      tokens: createTokenStore(ports),
      pace: createPaceStore(ports),
      origin: `https://${settings.provider}`,
    });
  }

  function work(nudges: Nudge[], onEnd: (failed: Nudge[]) => void): void {
    let failed = nudges;
    platform.invoke(
      'consumer',
      functionTimeouts.forwardLead,
      async (process) => {
        const results = await Promise.allSettled(nudges.map((nudge) => consume(nudge, process)));
        for (const result of results) platform.judge(result);
        failed = nudges.filter((_nudge, index) => results[index]?.status === 'rejected');
      },
      () => onEnd(failed),
    );
  }

  const queues = new Map(providersOf(accounts).map((name) => [name, platform.queueOf(name, work, false)]));

  /** The lead as the records show it; what was put aside in the dead-letter queue is counted as held for a person. */
  function asItStands(lead: Lead): Lead {
    const entry = platform.rows.rows.get(lead.id)?.value as Entry | null | undefined;
    const isDead = [...queues.values()].some(({ deadLetters }) =>
      deadLetters.some((letter) => letter.lead === lead.id),
    );
    const isDone = entry && 'providerId' in entry;
    const state = isDone ? (entry.providerId === null ? 'REJECTED' : 'PLACED') : isDead ? 'HELD' : 'READY';
    const providerId = isDone ? entry.providerId : null;
    return { ...lead, deliveries: lead.deliveries.map((delivery) => ({ ...delivery, state, providerId })) };
  }

  return {
    submit: (input, onAnswer) =>
      platform.invoke(
        'submit',
        functionTimeouts.submitForm,
        async (process) => onAnswer(await submit(input, process)),
        (isDone) => void (isDone || onAnswer(undefined)),
      ),
    sweep() {},
    operate() {},
    erase() {},
    releaseAccount() {},
    pull() {},
    hook() {},
    leads: () => [...leads.values()].map(asItStands),
  };
};

function newLead({ formId, form, fields, language, visitor }: SubmitInput, now: number): Lead {
  const submission = readSubmission(fields, form);
  const key = String(fields['_key'] ?? submission.phone);
  return {
    id: keyedLeadId(formId, 'field', key),
    form: formId,
    createdAt: now,
    updatedAt: now,
    subject: form.name,
    ...submission,
    language,
    visitor,
    key: { source: 'field', payloadHash: payloadHash(fields) },
    deliveries: newDeliveries({ call: form.call, track: [] }, now),
    calls: [],
  };
}
