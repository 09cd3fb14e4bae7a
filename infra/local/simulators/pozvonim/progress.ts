import type { CallRecord, PhoneState } from '../simulator.ts';

/** The document does not list its statuses: made up here. */
export const statuses = { waiting: 1, ringing: 2, talking: 3, answered: 4, missed: 5 };

const managerMs = 1_000;
const ringMs = 3_000;

export type Progress = { state: PhoneState; status: number; talkSeconds: number };

/** Where a call stands: the manager is rung first, then the client. Numbers that end in 00 or 01 stay unanswered, the others talk for 10 s and as many more as their last two digits say. */
export function progressOf({ client, ringAt }: CallRecord, now: number): Progress {
  const lastDigits = Number(client.slice(-2));
  const fullTalk = lastDigits < 2 ? 0 : 10 + lastDigits;
  const talked = Math.floor((now - ringAt - managerMs - ringMs) / 1000);
  const talkSeconds = Math.max(0, Math.min(talked, fullTalk));
  if (now < ringAt + managerMs) return { state: 'waiting', status: statuses.waiting, talkSeconds };
  if (talked < 0) return { state: 'ringing', status: statuses.ringing, talkSeconds };
  if (talked < fullTalk) return { state: 'talking', status: statuses.talking, talkSeconds };
  return { state: 'over', status: fullTalk > 0 ? statuses.answered : statuses.missed, talkSeconds };
}
