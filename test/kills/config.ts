import type { ConfigInput } from '#shared/config/schema.ts';

const secret = (name: string) => ({ secret: name });
const origins = ['https://acme.example'];
/** All leads come from one address here. */
const rateLimit = { requests: 1_000_000, perSeconds: 1 };

/** Every provider that rings a phone, each with a form of its own. */
export const killsConfig = {
  accounts: {
    keeper: {
      provider: 'callkeeper',
      unique: 'acme',
      apiak: secret('keeper'),
      whash: '96d6ec6937c878c2ca1f889b9b9e865a',
    },
    pozvonim: { provider: 'pozvonim', uid: 17, apiKey: secret('pozvonim'), siteId: 3 },
    touch: { provider: 'calltouch', siteId: 18990, apiToken: secret('touch'), routeKey: 'route' },
  },
  forms: {
    keeper: { name: 'Keeper', origins, rateLimit, call: ['keeper'] },
    pozvonim: { name: 'Pozvonim', origins, rateLimit, call: ['pozvonim'] },
    touch: { name: 'Calltouch', origins, rateLimit, call: ['touch'] },
  },
} satisfies ConfigInput;

/** Calltouch takes five requests a second, so that most leads go to the others. */
export function formOf(lead: number): string {
  if (lead % 10 === 0) return 'touch';
  return lead % 2 === 0 ? 'keeper' : 'pozvonim';
}
