import { ProviderError } from '../../errors.ts';
import type { Finding } from '../provider.ts';
import type { Client } from './client.ts';
import { fundsOf } from './funds.ts';

/** Reads the account's own data: whether the key works, until when it is paid, and the balance where the answer has one. `now` in milliseconds. */
export async function checkAccount(client: Client, now: number): Promise<Finding[]> {
  let answer: Awaited<ReturnType<Client['getUserInfo']>>;
  try {
    answer = await client.getUserInfo({});
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return [{ check: 'key', ok: false, message: `${error.message}: ${advice(error)}` }];
  }
  const { minutesLeft, paidTill } = fundsOf(answer);
  return [
    { check: 'key', ok: true, message: 'CallKeeper knows the key' },
    ...paidTillFinding(paidTill, now),
    ...balanceFinding(minutesLeft),
    { check: 'widget', ok: true, message: widgetWords },
  ];
}

/** None of the documented methods reads a widget, and ordering a call is no harmless question. */
const widgetWords =
  'CallKeeper lets nobody read a widget: compare whash or walias with the cabinet, only a call shows whether it is switched on';

function advice({ fault, status }: ProviderError): string {
  if (status === 401)
    return "authorise this machine's address in the cabinet under Profile, or switch the check of hosts off there";
  if (fault === 'account') return "compare apiak with the key in CallKeeper's cabinet under Profile";
  return 'CallKeeper cannot be reached or does not answer as documented; try again, then look at the network and at CALLKEEPER_URL';
}

function paidTillFinding(at: number | null, now: number): Finding[] {
  if (at === null) return [];
  const day = new Date(at).toISOString().slice(0, 10);
  return day >= new Date(now).toISOString().slice(0, 10)
    ? [{ check: 'paid till', ok: true, message: `paid till ${day}` }]
    : [
        {
          check: 'paid till',
          ok: false,
          message: `paid till ${day} only: pay for the next period, or no phone will ring`,
        },
      ];
}

function balanceFinding(minutes: number | null): Finding[] {
  if (minutes === null) return [];
  return minutes > 0
    ? [{ check: 'balance', ok: true, message: `balance ${minutes}` }]
    : [{ check: 'balance', ok: false, message: `balance ${minutes}: top it up, or no phone will ring` }];
}
