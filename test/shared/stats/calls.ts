import { blankCall, type Call } from '#shared/stats/call.ts';

export const startedAt = Date.UTC(2026, 10, 22, 9);

/** A plain answered call; `changes` say what matters. */
export function makeCall(changes: Partial<Call> = {}): Call {
  return {
    ...blankCall,
    callId: '123456789012345678',
    provider: 'callkeeper',
    account: 'main',
    leadId: null,
    leadAcceptedAt: null,
    status: '200/200',
    outcome: 'answered',
    failedSide: 'none',
    final: true,
    answered: true,
    startedAt,
    timeZone: 'UTC',
    talkSeconds: 42,
    phone: '+79161112233',
    raw: '{"id":"123456789012345678"}',
    ...changes,
  };
}
