import { createRandom } from '../support/virtual-time.ts';
import { type History, newHistory } from './checker.ts';
import { createDeployment } from './deployment.ts';
import type { HttpFault } from './exchange.ts';
import { planSweeps, send } from './people.ts';
import { createPlatform } from './platform.ts';
import { accounts, forms } from './scenario.ts';
import { createWorld } from './world.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const start = Date.UTC(2026, 10, 22, 9);
export const outageEnd = start + 6 * hour;

export type Request = { provider: string; kind: 'order' | 'read'; at: number };

/** Leads come all day, so many milliseconds apart, while neither provider answers for six hours; then for two hours more. Each rings at CallKeeper and is copied to Calltouch. */
export async function playOutage(fault: HttpFault, leadEveryMs = 2 * minute) {
  const requests: Request[] = [];
  const alarms: string[] = [];
  const world = createWorld({
    start,
    random: createRandom(1),
    plan: () => undefined,
    trace: (line) => void (line.includes('delivery needs attention') && alarms.push(line)),
  });
  const platform = createPlatform(world, accounts, {
    skewMs: 0,
    messageLost: () => 0,
    messageTwice: () => 0,
    http(kind, provider) {
      requests.push({ provider, kind, at: world.now() });
      return world.now() < outageEnd ? fault : undefined;
    },
  });
  const form = { ...forms['keeper'], call: ['keeper'], track: ['touch'] } as (typeof forms)[string];
  const deployment = createDeployment(world, platform, { accounts, forms: { keeper: form } });
  const histories: History[] = [];
  for (let at = 0; at < 8 * hour; at += leadEveryMs) {
    const index = histories.length;
    const wish = { index, form: 'keeper', phone: `+7916${1_000_000 + index}`, key: `key-${index}` };
    const history = newHistory(wish);
    histories.push(history);
    world.after(at, () => send(world, deployment, history, { form }));
  }
  planSweeps(world, deployment, () => false);
  await world.runUntil(start + 11 * hour);
  return { deployment, platform, requests, alarms, histories };
}
