import type { CallRecord, PhoneState, SimulatedCall } from '../simulator.ts';

/** A phone rings this long after its time has come, is answered so much later, and talks so long. */
const reactMs = 2_000;
const ringMs = 6_000;
const talkMs = 30_000;

/** A client whose number ends in 0 does not pick up. */
export function isAnswered({ client }: CallRecord): boolean {
  return !client.endsWith('0');
}

export function talkedMs(record: CallRecord, now: number): number {
  const talking = now - record.ringAt - reactMs - ringMs;
  return isAnswered(record) ? Math.min(talkMs, Math.max(0, talking)) : 0;
}

export function callAt(record: CallRecord, now: number): SimulatedCall {
  const state = stateAt(record, now - record.ringAt);
  const successful = isAnswered(record) ? 'successful' : 'unsuccessful';
  return { ...record, provider: 'calltouch', state, status: state === 'over' ? successful : state };
}

function stateAt(record: CallRecord, sinceMs: number): PhoneState {
  if (sinceMs < reactMs) return 'waiting';
  if (sinceMs < reactMs + ringMs) return 'ringing';
  return isAnswered(record) && sinceMs < reactMs + ringMs + talkMs ? 'talking' : 'over';
}
