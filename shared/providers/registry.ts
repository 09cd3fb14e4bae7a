import { callkeeper } from './callkeeper/provider.ts';
import { calltouch } from './calltouch/provider.ts';
import { pozvonim } from './pozvonim/provider.ts';
import type { Provider } from './provider.ts';
import { webhook } from './webhook/provider.ts';

/** Every provider that an account can name: a new one is a folder beside this file and a line here. */
export const providers: readonly Provider[] = [callkeeper, calltouch, pozvonim, webhook];

/** The provider of this name. Throws when config and code disagree, which the config's schema rules out. */
export function providerNamed(name: string): Provider {
  const provider = providers.find((candidate) => candidate.name === name);
  if (provider === undefined) throw new Error(`there is no provider "${name}"`);
  return provider;
}
