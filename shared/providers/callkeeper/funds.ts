import type { Funds } from '../../store/funds.ts';
import type { Client } from './client.ts';
import { entriesOf } from './wire.ts';

/** What getUserInfo says of the account. The document lists no fields: `paid_till` has been seen, `balance`, in minutes, is assumed. */
export function fundsOf(answer: Awaited<ReturnType<Client['getUserInfo']>>): Funds {
  const [user] = entriesOf<{ paid_till?: unknown; balance?: unknown }>(answer);
  return {
    minutesLeft: numberOrNull(Number.parseFloat(String(user?.balance ?? ''))),
    paidTill: numberOrNull(Date.parse(String(user?.paid_till ?? ''))),
  };
}

function numberOrNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
