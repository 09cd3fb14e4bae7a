import type { ConfigInput } from '#shared/config/schema.ts';
import { accountInputs } from '../simulation/scenario.ts';

const origins = ['https://acme.example'];
/** All leads come from one address here. */
const rateLimit = { requests: 1_000_000, perSeconds: 1 };

/** Every provider that rings a phone, each with a form of its own. */
export const killsConfig = {
  accounts: accountInputs,
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
