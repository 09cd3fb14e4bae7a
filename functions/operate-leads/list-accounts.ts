import type { Account, Config } from '#shared/config/schema.ts';
import type { ApiAccount, ApiAccountList } from '#shared/operator-api.ts';
import { providerNamed } from '#shared/providers/registry.ts';
import type { BreakerStore } from '#shared/store/breakers.ts';
import type { FundsStore } from '#shared/store/funds.ts';
import type { PaceView } from '#shared/store/pace.ts';
import { formsOf, type ListPorts } from './list-leads.ts';

export type AccountsPorts = Pick<ListPorts, 'knownForms'> & {
  config: Pick<Config, 'accounts' | 'forms' | 'egress'>;
  breakers: Pick<BreakerStore, 'look'>;
  funds: Pick<FundsStore, 'look'>;
  pace: PaceView;
  /** The one address that providers see, where there is one. */
  egressAddress?: string | undefined;
};

const iso = (instant: number) => new Date(instant).toISOString();

/** The accounts of the config, as this function can know them: without their providers' keys. */
export async function listAccounts(ports: AccountsPorts): Promise<ApiAccountList> {
  const { config, egressAddress } = ports;
  const forms = Object.entries(config.forms);
  const accounts = Object.entries(config.accounts).map(async ([id, account]) => ({
    id,
    provider: account.provider,
    calls: forms.filter(([, form]) => form.call.includes(id)).map(([name]) => name),
    tracks: forms.filter(([, form]) => form.track.includes(id)).map(([name]) => name),
    breaker: await breakerOf(id, ports),
    funds: await fundsOf(id, ports),
    pace: await paceOf(account, ports),
  }));
  return {
    accounts: await Promise.all(accounts),
    forms: await formsOf(ports),
    egress: { kind: config.egress, address: egressAddress ?? null },
  };
}

async function breakerOf(id: string, { breakers }: AccountsPorts): Promise<ApiAccount['breaker']> {
  const known = await breakers.look(id);
  return known ? { reason: known.reason, openedAt: iso(known.openedAt), probeAt: iso(known.probeAt) } : null;
}

async function fundsOf(id: string, { funds }: AccountsPorts): Promise<ApiAccount['funds']> {
  const known = await funds.look(id);
  if (known === undefined) return null;
  const { minutesLeft, paidTill, readAt } = known;
  return { minutesLeft, paidTill: paidTill === null ? null : iso(paidTill), readAt: iso(readAt) };
}

async function paceOf(account: Account, { pace }: AccountsPorts): Promise<ApiAccount['pace']> {
  const paced = providerNamed(account.provider).paceOf?.(account);
  if (paced === undefined) return null;
  const { key, perSecond, points } = paced;
  return {
    perSecond,
    waitSeconds: Math.ceil((await pace.waitMs(key, perSecond)) / 1000),
    points: points && { left: await pace.pointsLeft(points.key, points.perDay), perDay: points.perDay },
  };
}
