import * as z from 'zod';
import { InvalidRequestError } from '#shared/errors.ts';
import type { Delivery } from '#shared/lead/delivery.ts';
import type { ApiAccountRelease } from '#shared/operator-api.ts';
import type { ActPorts } from './act-on-lead.ts';
import { cursorSchema, toCursor } from './cursor.ts';
import { readQuery } from './read-query.ts';

/** Leads that need attention which one request looks at: a few seconds' work. */
const batch = 50;

/**
 * Closes the account's breaker and lets go, newest first, what it refused through a fault of its own. Deliveries that are held for another
 * reason stay: one whose call may have been placed must not ring again without a person having looked at it.
 * Resolves with how many were let go, and the cursor to go on with while there is more.
 */
export async function releaseAccount(
  account: string,
  query: Record<string, string | undefined>,
  ports: ActPorts,
): Promise<ApiAccountRelease> {
  if (!Object.hasOwn(ports.config.accounts, account)) {
    throw new InvalidRequestError(404, 'not_found', 'There is no such account in the config.');
  }
  const { cursor } = readQuery(z.strictObject({ cursor: cursorSchema.optional() }), query);
  await ports.breakers.close(account);
  const keys = await ports.leads.page({ state: 'attention' }, { before: cursor, limit: batch });
  let released = 0;
  for (const lead of await ports.leads.getMany(keys.map(({ id }) => id))) {
    for (const delivery of lead.deliveries.filter((candidate) => wasRefusedBy(account, candidate))) {
      const { id, attempts } = delivery;
      const result = await ports.applyEvent(lead.id, id, { type: 'release', attempts });
      if (result?.applied) released++;
    }
  }
  const more = keys.length === batch;
  ports.log('account release', { account, released, more });
  return { released, more, cursor: toCursor(more ? (keys.at(-1)?.sort ?? null) : null) };
}

function wasRefusedBy(account: string, { state, claim, refusals }: Delivery): boolean {
  return state === 'HELD' && claim === null && refusals.some((refusal) => refusal.account === account);
}
