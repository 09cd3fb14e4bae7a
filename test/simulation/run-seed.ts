import type { Event } from '#shared/lead/delivery.ts';
import { type Lead, leadState } from '#shared/lead/lead.ts';
import { createRandom } from '../support/virtual-time.ts';
import { check, type History, type Verdict } from './checker.ts';
import { createDeployment, type Deployment } from './deployment.ts';
import { httpFaults } from './exchange.ts';
import { accounts, forms, inputOf, type Wish } from './scenario.ts';
import { createWorld, type PortFault, type World } from './world.ts';

const second = 1_000;
const minute = 60 * second;
const start = Date.UTC(2026, 10, 22, 9);
/** Things go wrong for so long; afterwards everything must come to its end. */
const troubleMs = 12 * minute;
const horizonMs = 8 * 60 * minute;
const portFaults: PortFault[] = ['crash-before', 'crash-after', 'refused', 'answer-lost'];

/** Plays one schedule of visitors, functions, operators and faults, all of it drawn from the seed. */
export async function runSeed(seed: number): Promise<Verdict> {
  const random = createRandom(seed);
  const pick = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)] as Item;
  const intensity = pick([0, 0.005, 0.02, 0.06]);
  const httpIntensity = pick([0, 0.1, 0.4, 0.9]);
  let isTrouble = true;
  const portFault = () => (isTrouble && random() < intensity ? pick(portFaults) : undefined);
  const world = createWorld(start + Math.floor(random() * 20 * minute), random, portFault);
  const deployment = createDeployment(
    world,
    { accounts, forms },
    {
      skewMs: pick([0, 500, 2 * minute]),
      messageLost: pick([0, 0.05, 0.3]),
      messageTwice: pick([0, 0.05, 0.3]),
      http: () => (isTrouble && random() < httpIntensity ? pick(httpFaults) : undefined),
    },
  );
  const histories = planVisitors(world, deployment);
  planProviders(world, deployment);
  planSweeps(world, deployment, () => isTrouble);
  world.after(troubleMs, () => {
    isTrouble = false;
  });
  await world.runUntil(world.now() + troubleMs);
  const end = world.now() + horizonMs;
  while (world.now() < end && leadsOf(deployment).some((lead) => leadState(lead) === 'open')) {
    operate(world, deployment, histories);
    await world.runUntil(world.now() + 5 * minute);
  }
  // What is still under way, such as a repeated message, gets the time to do its harm.
  await world.runUntil(world.now() + 10 * minute);
  return check(histories, deployment.rows.rows.values(), deployment.simulators.values());
}

function planVisitors(world: World, deployment: Deployment): History[] {
  const { random } = world;
  const names = Object.keys(forms);
  const count = 1 + Math.floor(random() * 4);
  return Array.from({ length: count }, (_, index) => {
    const isSamePhone = index > 0 && random() < 0.2;
    const wish: Wish = {
      index,
      form: names[Math.floor(random() * names.length)] as string,
      phone: `+7916111${isSamePhone ? '0010' : `${1010 + index}`}`,
      key: random() < 0.6 || isSamePhone ? `key-${index}` : undefined,
    };
    const history: History = { wish, answers: new Set(), chosenRepeats: 0, isCancelled: false };
    const copies = random() < 0.3 ? 3 : 1;
    const firstAt = Math.floor(random() * 8 * minute);
    for (let copy = 0; copy < copies; copy++) {
      const at = firstAt + Math.floor(random() * (copy === 0 ? 1 : 2 * second));
      world.after(at, () => send(world, deployment, history, 5));
    }
    return history;
  });
}

/** A visitor's page sends again for a while when no answer comes, with the same key. */
function send(world: World, deployment: Deployment, history: History, retries: number): void {
  deployment.submit(inputOf(history.wish), (id) => {
    if (id !== undefined) history.answers.add(id);
    else if (retries > 0) world.after(3 * second, () => send(world, deployment, history, retries - 1));
  });
}

function planProviders(world: World, { simulators }: Deployment): void {
  const { random } = world;
  for (const simulator of simulators.values()) {
    simulator.setListLag(random() < 0.5 ? 0 : Math.floor(random() * 100 * second));
    for (let at = 0; at < troubleMs; at += 2 * minute) {
      if (random() < 0.2) world.after(at, () => simulator.revokeTokens());
    }
  }
}

/** Every minute, as long as anything is to be done; in times of trouble now and then not at all, or twice. */
function planSweeps(world: World, deployment: Deployment, isTrouble: () => boolean): void {
  const sweepAgain = (): void => {
    const luck = isTrouble() ? world.random() : 0.5;
    if (luck > 0.1) deployment.sweep();
    if (luck > 0.9) deployment.sweep();
    world.after(minute, sweepAgain);
  };
  world.after(minute, sweepAgain);
}

/** An operator decides about what is held, if they get round to it. */
function operate(world: World, deployment: Deployment, histories: History[]): void {
  for (const lead of leadsOf(deployment)) {
    const history = histories.find(({ wish }) => lead.attribution.current_page?.endsWith(`-${wish.index}`));
    for (const delivery of lead.deliveries) {
      if (delivery.state !== 'HELD' || history === undefined || world.random() > 0.1) continue;
      const event: Event = world.random() < 0.5 ? { type: 'release' } : { type: 'cancel' };
      if (event.type === 'cancel') history.isCancelled = true;
      else if (delivery.claim !== null) history.chosenRepeats++;
      deployment.operate(lead.id, delivery.id, event);
    }
  }
}

function leadsOf({ rows }: Deployment): Lead[] {
  return [...rows.rows.values()].filter(({ pk }) => pk.startsWith('lead#')).map(({ value }) => value as Lead);
}
