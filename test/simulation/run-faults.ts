import { createRandom } from '../support/virtual-time.ts';
import { check, isUnderWay, newHistory, type Verdict } from './checker.ts';
import { createDeployment } from './deployment.ts';
import { type HttpFault, httpFaults } from './exchange.ts';
import { planSweeps, send } from './people.ts';
import { createPlatform } from './platform.ts';
import { accounts, forms } from './scenario.ts';
import { createWorld, type PortFault, type PortKind, portFaults } from './world.ts';

const minute = 60_000;
const start = Date.UTC(2026, 10, 22, 9);
const horizonMs = 60 * minute;

export type Fault = PortFault | HttpFault;

/** Which fault hits which await, counted from 0. */
export type FaultPoints = ReadonlyMap<number, Fault>;

const afterHttp = ['crash-before', 'crash-after', 'stalled'] as const;

/** What can go wrong at an await of this kind. */
export function faultsAt(kind: PortKind): readonly Fault[] {
  return kind === 'http' ? [...httpFaults, ...afterHttp] : portFaults;
}

/** Plays one lead of this form with these faults and no other. Resolves with what was found, and with the kinds of the awaits that there were. */
export async function runFaults(form: string, points: FaultPoints): Promise<{ verdict: Verdict; awaits: PortKind[] }> {
  const awaits: PortKind[] = [];
  const next = (kind: PortKind) => points.get(awaits.push(kind) - 1);
  let atHttp: Fault | undefined;
  const world = createWorld({
    start,
    random: createRandom(1),
    plan: (kind) => asPortFault(kind === 'http' ? atHttp : next(kind)),
  });
  const platform = createPlatform(world, accounts, {
    skewMs: 0,
    messageLost: () => 0,
    messageTwice: () => 0,
    http() {
      atHttp = next('http');
      return httpFaults.find((fault) => fault === atHttp);
    },
  });
  const deployment = createDeployment(world, platform, { forms, accounts });
  const wish = { index: 0, form, phone: '+79161111010', key: 'key-0' };
  const history = newHistory(wish);
  world.after(0, () => send(world, deployment, history, { retriesLeft: 5 }));
  planSweeps(world, deployment, () => false);
  const isOpen = () => deployment.leads().some(isUnderWay);
  do await world.runUntil(world.now() + 2 * minute);
  while (world.now() < start + horizonMs && isOpen());
  await world.runUntil(world.now() + 2 * minute);
  return { verdict: check([history], deployment.leads(), platform.rings, false), awaits };
}

function asPortFault(fault: Fault | undefined): PortFault | undefined {
  return portFaults.find((known) => known === fault);
}
