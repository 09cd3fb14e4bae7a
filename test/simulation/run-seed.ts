import { createRandom } from '../support/virtual-time.ts';
import { check, isUnderWay, type Verdict } from './checker.ts';
import { createDeployment, type Deployment } from './deployment.ts';
import { httpFaults } from './exchange.ts';
import { planHooks, planOperators, planProviders, planPulls, planSweeps, planVisitors } from './people.ts';
import { createPlatform } from './platform.ts';
import { accounts, forms } from './scenario.ts';
import { createWorld, portFaults } from './world.ts';

const minute = 60_000;
const start = Date.UTC(2026, 10, 22, 9);
/** Things go wrong for so long; afterwards everything must come to its end. */
const troubleMs = 14 * minute;
const horizonMs = 8 * 60 * minute;

/** Which code takes the leads: Ringback's, or another design to hold beside it. */
export type Design = typeof createDeployment;

export type SeedOptions = { design?: Design; trace?: ((line: string) => void) | undefined };

/**
 * Plays one schedule of visitors, functions, operators and faults, all of it drawn from the seed. Visitors and faults have
 * random numbers of their own, so that another design meets the same ones in the same order.
 */
export async function runSeed(seed: number, { design = createDeployment, trace }: SeedOptions = {}): Promise<Verdict> {
  const random = createRandom(seed);
  const visitors = createRandom(seed ^ 0x5eed0001);
  const faults = createRandom(seed ^ 0x5eed0002);
  const httpLuck = createRandom(seed ^ 0x5eed0003);
  const pick = <Item>(items: readonly Item[], from = random) => items[Math.floor(from() * items.length)] as Item;
  // A few kinds of faults at a time lead deeper into trouble than all of them at once.
  const some = <Item>(items: readonly Item[]) =>
    Array.from({ length: 1 + Math.floor(random() * 4) }, () => pick(items));
  const ports = some(portFaults);
  const answers = some(httpFaults);
  const troubled = pick([['order', 'read'], ['order'], ['read']]);
  const intensity = pick([0, 0.005, 0.02, 0.06]);
  const httpIntensity = pick([0, 0.1, 0.4, 0.9]);
  const isHooked = random() < 0.5;
  let isTrouble = true;
  let isAttended = true;
  const whileTrouble = (chance: number) => () => (isTrouble ? chance : 0);
  const world = createWorld({
    start: start + Math.floor(random() * 20 * minute),
    random,
    trace,
    plan: () => (faults() < intensity && isTrouble ? pick(ports, faults) : undefined),
  });
  const platform = createPlatform(world, accounts, {
    skewMs: pick([0, 500, 2 * minute]),
    messageLost: whileTrouble(pick([0, 0.05, 0.3])),
    messageTwice: whileTrouble(pick([0, 0.1, 0.6])),
    http: (kind) =>
      httpLuck() < httpIntensity && isTrouble && troubled.includes(kind) ? pick(answers, httpLuck) : undefined,
    onCall: (call) => void (isHooked && planHooks(world, deployment, call)),
  });
  const deployment: Deployment = design(world, platform, { accounts, forms });
  const histories = planVisitors(world, visitors, deployment);
  planProviders(world, platform.simulators, troubleMs);
  planSweeps(world, deployment, () => isTrouble);
  if (random() < 0.5) planPulls(world, deployment);
  planOperators(world, deployment, histories, () => isAttended);
  world.after(troubleMs, () => {
    world.note(() => 'nothing goes wrong any more');
    isTrouble = false;
  });
  await world.runUntil(world.now() + troubleMs);
  const isOpen = () => deployment.leads().some(isUnderWay);
  const settle = async () => {
    const end = world.now() + horizonMs;
    while (world.now() < end && isOpen()) await world.runUntil(world.now() + 5 * minute);
  };
  await settle();
  isAttended = false;
  await settle();
  // What is still under way, such as a repeated message, gets the time to do its harm.
  await world.runUntil(world.now() + 10 * minute);
  return check(histories, deployment.leads(), platform.rings, intensity === 0 && httpIntensity === 0);
}
