import { callkeeper } from '#shared/providers/callkeeper/provider.ts';
import { testProvider } from './provider.ts';

const apiak = 'eb2cee1bc1b8d1b6e4282486af09e078';

testProvider({
  provider: callkeeper,
  account: { provider: 'callkeeper', unique: 'acme', apiak, whash: '96d6ec6937c878c2ca1f889b9b9e865a' },
  secrets: [apiak],
  params: {
    makeCalls: { calls: [{ client: '79161112233' }] },
    getCallsInfo: { date: '' },
    getCallsCompleted: { date: '' },
    getCallsByStatus: { date: '', statuses: '200/200' },
    getT2C: { date: '' },
  },
  success: { call: (id) => `[{"id": ${id}, "status": "success"}]` },
  faults: { disabled: 'account' },
});
