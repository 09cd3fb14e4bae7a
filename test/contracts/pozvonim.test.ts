import { pozvonim } from '#shared/providers/pozvonim/provider.ts';
import { testProvider } from './provider.ts';

const apiKey = 'key-of-seventeen';

testProvider({
  provider: pozvonim,
  account: { provider: 'pozvonim', uid: '17', apiKey, siteId: '3001' },
  secrets: [apiKey],
  success: { call: (id) => `{"id": 5, "call_id": ${id}}` },
});
