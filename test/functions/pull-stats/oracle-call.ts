import { pozvonimZone, recordOf, type World, type WorldCall } from './world.ts';

/** All columns of a call that the export has, `raw` parsed. */
export type Told = Record<string, unknown>;

/** "Статусы" of CallKeeper's REST API document: what became of the call, on whose side it failed, whether that can change. */
const callkeeperStatuses: Record<string, [outcome: string, failedSide: string, final: boolean]> = {
  '200/200': ['answered', 'none', true],
  '200/486': ['busy', 'client', true],
  '487/0': ['no-answer', 'manager', true],
  '200/487': ['no-answer', 'client', true],
  '812/0': ['account', 'account', true],
  '777/42': ['unknown', 'none', false],
  '1/0': ['in-progress', 'none', false],
};
const zones = { callkeeper: 'UTC', calltouch: 'Europe/Moscow', pozvonim: pozvonimZone };
const accounts = { callkeeper: 'keeper', calltouch: 'touch', pozvonim: 'pozvonim' };

/** What the export has to say of a call, by the providers' documents and without Ringback's code. */
export function oracleOf(world: World, call: WorldCall, at: number): Told {
  const { provider, odd } = call;
  const { status, answered, talkSeconds } = world.truth(call, at);
  const isFull = call.missing.length === 0;
  const hasKinds = odd !== 'kinds';
  // Pozvonim's statuses have no meaning that is known: how long a call was is all that tells.
  const isAnswered = answered && (provider !== 'pozvonim' || hasKinds);
  const [outcome, failedSide, final] = outcomeOf(provider, status, isAnswered);
  const hasManager = hasKinds && (provider === 'callkeeper' || (provider === 'pozvonim' && isFull));
  const utmSource = provider === 'callkeeper' ? 'yandex' : provider === 'calltouch' && hasKinds ? 'google' : null;
  return {
    callId: odd === 'number' ? null : call.id,
    provider,
    account: accounts[provider],
    leadId: null,
    leadAcceptedAt: null,
    status,
    outcome,
    failedSide,
    final,
    answered: isAnswered,
    startedAt: odd === 'date' ? null : new Date(world.start(call)).toISOString(),
    timeZone: zones[provider],
    talkSeconds: hasKinds ? talkSeconds : null,
    totalSeconds: null,
    billedSeconds: provider === 'callkeeper' && isFull ? 60 : null,
    attempt: null,
    phone: `+${call.phone}`,
    managerPhone: hasManager ? '+74950000001' : null,
    recordUrl: null,
    site: null,
    pageUrl: null,
    utmSource: isFull || (provider === 'calltouch' && !hasKinds) ? utmSource : null,
    utmMedium: null,
    utmCampaign: null,
    utmContent: null,
    utmTerm: null,
    gaClientId: null,
    ymClientId: null,
    calltouchSessionId: provider === 'calltouch' && isFull ? '12345678901234567890' : null,
    roistatId: null,
    raw: JSON.parse(JSON.stringify(recordOf(call, at)).replaceAll('"#', '"')),
  };
}

function outcomeOf(provider: WorldCall['provider'], status: string, answered: boolean) {
  if (provider === 'callkeeper') return callkeeperStatuses[status] ?? [];
  const missed = provider === 'calltouch' ? 'no-answer' : 'unknown';
  return answered ? ['answered', 'none', null] : [missed, null, null];
}

/** A line of the export as the oracle has it: which number a call without one gets is no matter. */
export function toldOf(line: Record<string, unknown>): Told {
  const isOdd = String(line['callId']).startsWith('record-');
  return { ...line, callId: isOdd ? null : line['callId'], raw: JSON.parse(String(line['raw'])) };
}

/** By phone: it is the one thing that every record tells. */
export function sortTold(calls: Told[]): Told[] {
  const keyOf = ({ phone, callId }: Told) => `${phone} ${callId}`;
  return calls.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}
