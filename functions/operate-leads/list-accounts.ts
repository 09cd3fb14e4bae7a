import type { Config } from '#shared/config/schema.ts';
import type { ApiAccountList } from '#shared/operator-api.ts';
import type { BreakerStore } from '#shared/store/breakers.ts';

const iso = (instant: number) => new Date(instant).toISOString();

/** The accounts of the config, as this function can know them: without their providers' keys. */
export async function listAccounts({
  config,
  breakers,
  egressAddress,
}: {
  config: Pick<Config, 'accounts' | 'forms' | 'egress'>;
  breakers: Pick<BreakerStore, 'look'>;
  egressAddress?: string | undefined;
}): Promise<ApiAccountList> {
  const forms = Object.entries(config.forms);
  const accounts = Object.entries(config.accounts).map(async ([id, { provider }]) => {
    const breaker = await breakers.look(id);
    return {
      id,
      provider,
      calls: forms.filter(([, form]) => form.call.includes(id)).map(([name]) => name),
      tracks: forms.filter(([, form]) => form.track.includes(id)).map(([name]) => name),
      breaker: breaker
        ? { reason: breaker.reason, openedAt: iso(breaker.openedAt), probeAt: iso(breaker.probeAt) }
        : null,
    };
  });
  return { accounts: await Promise.all(accounts), egress: { kind: config.egress, address: egressAddress ?? null } };
}
