/** Source text that is replaced before a module is loaded; `find` must occur exactly once in the file. */
export type Patch = { file: string; find: string; replace: string };

const machine = 'shared/lead/delivery-machine.ts';
const forward = 'functions/forward-lead/forward-lead.ts';
const lookUp = 'functions/forward-lead/look-up.ts';
const submit = 'functions/submit-form/submit-form.ts';

/** Ways of breaking the protocol, each of which the simulation must notice. */
export const mutants: Readonly<Record<string, Patch[]>> = {
  /** Whoever sees the delivery CALLING takes the claim for its own. */
  'no-nonce-check': [
    {
      file: forward,
      find: `if (claimed?.delivery.state !== 'CALLING' || claimed.delivery.claim?.owner !== owner) return undefined;`,
      replace: `if (claimed?.delivery.state !== 'CALLING') return undefined;`,
    },
  ],
  /** A claim that has run out is taken for a call that was not placed. */
  'ready-on-deadline': [
    {
      file: machine,
      find: `{ fault: 'unknown', reason: 'the attempt was cut off' }`,
      replace: `{ fault: 'passing', reason: 'the attempt was cut off' }`,
    },
  ],
  /** What is written takes the place of whatever has happened since. */
  'no-fencing': [
    {
      file: 'shared/store/change.ts',
      find: `if (await table.put(next))`,
      replace: `if (await table.put({ ...next, version: ((await table.get(pk))?.version ?? 0) + 1 }))`,
    },
  ],
  /** A late owner's news is believed although another has claimed since. */
  'late-owner': [{ file: machine, find: `return delivery.claim?.owner === owner;`, replace: `return owner !== '';` }],
  /** An attempt whose outcome is unknown is given up. */
  'delete-on-error': [
    {
      file: machine,
      find: `  return unknown(delivery, reason, now);`,
      replace: `  return end(delivery, 'CANCELLED', reason, now);`,
    },
  ],
  /** An attempt whose outcome is unknown is made again, as by a wrapper that forgets its record on an error. */
  'retry-on-error': [
    {
      file: machine,
      find: `  return unknown(delivery, reason, now);`,
      replace: `  return retry(delivery, failure, now, policy);`,
    },
  ],
  /** An attempt whose outcome is unknown counts as refused because of its number. */
  'unknown-is-rejected': [
    {
      file: machine,
      find: `  return unknown(delivery, reason, now);`,
      replace: `  return end(delivery, 'REJECTED', reason, now);`,
    },
  ],
  /** Whatever is placed waits for a person all the same. */
  'held-although-placed': [
    {
      file: machine,
      find: `return isOwner(delivery, event.owner) ? place(delivery, event, now) : undefined;`,
      replace: `return isOwner(delivery, event.owner) ? hold(delivery, 'placed', now) : undefined;`,
    },
  ],
  /** The next account rings although the first may have. */
  'failover-on-unknown': [
    {
      file: machine,
      find: `  return unknown(delivery, reason, now);`,
      replace: `  return failOver(delivery, reason, now);`,
    },
  ],
  /** A call that is not in the list at the first look counts as not placed. */
  'no-quarantine': [
    {
      file: machine,
      find: `if (nextLook !== undefined) return waiting({ ...delivery, updatedAt: now }, Math.max(nextLook, now), now);`,
      replace: `if (nextLook !== undefined) return waiting({ ...delivery, state: 'READY', updatedAt: now }, now, now);`,
    },
  ],
  /** A list that cannot be read counts as one that does not hold the call. */
  'unread-list-is-empty': [
    {
      file: lookUp,
      find: `if (calls === undefined) return unclear("the provider's list of calls could not be read");`,
      replace: `if (calls === undefined) return missing("the provider's list of calls could not be read");`,
    },
  ],
  /** A deferred call that is not listed yet counts as not placed. */
  'absent-deferred-call': [
    {
      file: lookUp,
      find: `deferredTo === undefined ? { type: 'not-found'`,
      replace: `attempt > 0 ? { type: 'not-found'`,
    },
  ],
  /** Two leads may take one provider call. */
  'shared-call': [
    { file: 'shared/store/calls.ts', find: `return row?.value.lead;`, replace: `return undefined;` },
    { file: lookUp, find: `if (await hasRival(`, replace: `if (lead.id === '' && await hasRival(` },
  ],
  /** A call is taken although it may be that of another lead for the same phone. */
  'no-rivals': [{ file: lookUp, find: `if (await hasRival(`, replace: `if (lead.id === '' && await hasRival(` }],
  /** The statistics give a call to the first of several leads that it may belong to. */
  'pull-guesses': [
    {
      file: 'shared/stats/match-lead.ts',
      find: `return candidates.length === 1 && only !== undefined && isLookedFor(only.delivery, startedAt) ? only : undefined;`,
      replace: `return here.find(({ delivery }) => isLookedFor(delivery, startedAt)) ?? only;`,
    },
  ],
  /** Windows of ten minutes that do not look at their neighbours. */
  'window-hole': [
    { file: submit, find: `for (const id of ids.neighbours) {`, replace: `for (const id of [] as string[]) {` },
    {
      file: 'shared/store/phones.ts',
      find: `if (recent.some((other) => other.form === lead.form && isSameWindow(other, lead))) return 'duplicate';`,
      replace: ``,
    },
  ],
  /** The phone is counted after it has rung. */
  'guard-after-call': [
    {
      file: forward,
      find: `  const veto = await phoneVeto(lead, delivery, ports);`,
      replace: `  const veto = undefined as Event | undefined;`,
    },
    {
      file: forward,
      find: `  const outcome = await attempt(due, send, remainingMs, ports);`,
      replace: `  const outcome = await attempt(due, send, remainingMs, ports);\n  await phoneVeto(lead, delivery, ports);`,
    },
  ],
  /** A copy for tracking is given up at its first fault. */
  'copy-given-up': [
    {
      file: machine,
      find: `if (fault === 'passing' || delivery.kind === 'track') return retry(proven, failure, now, policy);`,
      replace: `if (delivery.kind === 'track') return end(delivery, 'CANCELLED', reason, now);
  if (fault === 'passing') return retry(proven, failure, now, policy);`,
    },
  ],
  /** Whoever corrects what was sent is rung again. */
  'mending-rings-again': [
    {
      file: submit,
      find: `    key: sent.key,
  };`,
      replace: `    key: sent.key,
    deliveries: sent.deliveries,
  };`,
    },
  ],
};
