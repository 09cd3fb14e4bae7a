import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import type { Config } from '#shared/config/schema.ts';
import { resolveSecrets } from '#shared/config/secrets.ts';
import type { Clock } from '#shared/ports.ts';
import { providerNamed, providers } from '#shared/providers/registry.ts';
import { openCallJournal } from './call-journal.ts';
import { close, listen } from './listen.ts';
import { isSimulated, type LocalEnv, readSecretFrom } from './provider-settings.ts';
import { simulators } from './simulators/registry.ts';
import { type FaultPlan, serveSimulator } from './simulators/serve.ts';
import type { Simulator } from './simulators/simulator.ts';

export type SimulatedProvider = { simulator: Simulator; origin: string; stop(): Promise<void> } & FaultPlan;

/** Where each simulated provider is, in words for who wants to call it: `simulated callkeeper http://127.0.0.1:40123, CALLKEEPER_URL=…`. */
export function simulatedLines(simulated: readonly Pick<SimulatedProvider, 'simulator' | 'origin'>[]): string[] {
  return simulated.map(({ simulator: { provider }, origin }) => {
    const { originVariable } = providerNamed(provider);
    return `simulated ${provider} ${origin}, for the command line: ${originVariable}=${origin}`;
  });
}

/** Starts a simulator for every provider that has accounts and is not replaced by a variable; their calls are kept in `folder`. */
export async function startSimulatedProviders(
  config: Config,
  env: LocalEnv,
  folder: string,
  clock: Clock,
): Promise<SimulatedProvider[]> {
  const started: SimulatedProvider[] = [];
  for (const provider of providers) {
    const create = simulators[provider.name];
    const own = Object.entries(config.accounts).filter(([, account]) => account.provider === provider.name);
    if (create === undefined || own.length === 0 || !isSimulated(provider, env)) continue;
    const readSecret = readSecretFrom(env, true);
    const accounts = own.map(async ([id, account]) => [id, await resolveSecrets(account, readSecret)] as const);
    const simulator = create({
      accounts: Object.fromEntries(await Promise.all(accounts)),
      clock,
      journal: openCallJournal(join(folder, `${provider.name}.ndjson`)),
      random: () => randomInt(1_000_000_000, 2 ** 47),
    });
    const { server, order } = serveSimulator(simulator);
    started.push({ simulator, order, origin: await listen(server), stop: () => close(server) });
  }
  return started;
}
