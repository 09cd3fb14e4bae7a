import type { ApiLead } from '#shared/operator-api.ts';
import { blankCall } from '#shared/stats/call.ts';
import type { ExportedCall } from '../../../cli/report/figures.ts';

const at = '2026-11-22T09:00:00.000Z';

/** A lead with one placed call, as the API tells it; `changes` say what matters. */
export function makeApiLead(changes: Partial<ApiLead> = {}): ApiLead {
  return {
    id: 'lead-1',
    form: 'callback',
    state: 'done',
    createdAt: at,
    phone: '+79161112233',
    name: null,
    email: null,
    comment: null,
    subject: 'Call me back',
    spam: null,
    fields: {},
    attribution: {},
    deliveries: [
      {
        id: 'call',
        kind: 'call',
        account: 'main',
        provider: 'callkeeper',
        state: 'PLACED',
        attempts: 1,
        providerId: '1',
        reason: null,
        refusals: [],
        mayBePlaced: false,
        nextAt: null,
        updatedAt: at,
      },
    ],
    calls: [],
    ...changes,
  };
}

/** An answered call of the export; `changes` say what matters. */
export function makeExportedCall(changes: Partial<ExportedCall> = {}): ExportedCall {
  return {
    ...blankCall,
    callId: '1',
    provider: 'callkeeper',
    account: 'main',
    leadId: 'lead-1',
    leadAcceptedAt: null,
    status: '200/200',
    outcome: 'answered',
    failedSide: 'none',
    final: true,
    answered: true,
    startedAt: '2026-11-22T09:00:12.000Z',
    timeZone: 'UTC',
    talkSeconds: 60,
    totalSeconds: 75,
    phone: '+79161112233',
    ...changes,
  };
}
