import type { CallRecord, PhoneState } from '../simulator.ts';

const managerMs = 1_000;
const ringMs = 3_000;

/** How a call ends, by the last two digits of the client's number; every other number answers. */
const endings: Record<string, string> = {
  '00': '200/486',
  '01': '200/487',
  '02': '487/0',
  '03': '200/404',
};

export type Progress = {
  /** status_code and status2_code. */
  pair: string;
  state: PhoneState;
  final: boolean;
  /** Since the manager's phone began to ring. */
  seconds: number;
  talkSeconds: number;
};

/** Where a call stands: the manager is rung first, then the client; who answers talks for 10 s and as many more as the last two digits say. */
export function progressOf({ client, ringAt, orderedAt }: CallRecord, now: number): Progress {
  const ending = endings[client.slice(-2)] ?? '200/200';
  const talkMs = ending === '200/200' ? (10 + Number(client.slice(-2))) * 1000 : 0;
  const pickedUpMs = managerMs + ringMs;
  const elapsed = now - ringAt;
  const underWay = (pair: string, state: PhoneState): Progress => ({
    pair,
    state,
    final: false,
    seconds: Math.max(0, Math.floor(elapsed / 1000)),
    talkSeconds: Math.max(0, Math.floor((elapsed - pickedUpMs) / 1000)),
  });
  if (elapsed < 0) return underWay(ringAt > orderedAt ? '2/0' : '1/0', 'waiting');
  if (elapsed < managerMs) return underWay('1/0', 'waiting');
  if (elapsed < pickedUpMs) return underWay('1/0', 'ringing');
  if (elapsed < pickedUpMs + talkMs) return underWay('1/0', 'talking');
  return {
    pair: ending,
    state: 'over',
    final: true,
    seconds: (pickedUpMs + talkMs) / 1000,
    talkSeconds: talkMs / 1000,
  };
}
