import { defineConfig } from './shared/config/schema.ts';
import { secret } from './shared/config/values.ts';

/** A florist with one site: what `npm start` shows, and where to begin with your own. */
export default defineConfig({
  accounts: {
    callkeeper: {
      provider: 'callkeeper',
      unique: 'acme',
      apiak: secret('callkeeper-apiak'),
      whash: '96d6ec6937c878c2ca1f889b9b9e865a',
    },
    pozvonim: { provider: 'pozvonim', uid: 17, apiKey: secret('pozvonim-key'), siteId: 3 },
    calltouch: { provider: 'calltouch', siteId: 18990 },
  },
  forms: {
    callback: {
      name: 'Call me back',
      origins: ['https://acme.example'],
      // CallKeeper rings; Pozvonim is there for when it cannot. Calltouch gets a copy of each lead.
      call: ['callkeeper', 'pozvonim'],
      track: ['calltouch'],
    },
    // For the test after each deploy: everything but the call.
    smoke: { name: 'Smoke test', origins: ['https://acme.example'], call: ['callkeeper'], rehearse: true },
  },
});
