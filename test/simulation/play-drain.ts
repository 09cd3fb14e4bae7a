import type { Form } from '#shared/config/schema.ts';
import { createRandom } from '../support/virtual-time.ts';
import { newHistory } from './checker.ts';
import { createDeployment } from './deployment.ts';
import { planSweeps, send } from './people.ts';
import { createPlatform } from './platform.ts';
import { accounts, forms } from './scenario.ts';
import { createWorld } from './world.ts';

const start = Date.UTC(2026, 10, 22, 9);
const minute = 60_000;
const spreadMs = 10_000;
const longest = 24 * 60 * minute;

/** So many leads come within ten seconds, each to be copied to Calltouch, which takes five requests a second. Plays until the last is there. */
export async function playDrain(leads: number, seed: number) {
  const world = createWorld({ start, random: createRandom(seed), plan: () => undefined });
  const platform = createPlatform(world, accounts, {
    skewMs: 0,
    messageLost: () => 0,
    messageTwice: () => 0,
    http: () => undefined,
  });
  const calltouch = platform.simulators.get('calltouch');
  if (calltouch === undefined) throw new Error('Calltouch is not simulated');
  const { handle } = calltouch;
  /** Of requests that were not refused. */
  const arrivals: number[] = [];
  let refused = 0;
  calltouch.handle = (request) => {
    const answer = handle(request);
    if (answer.status === 429) refused++;
    else arrivals.push(world.now());
    return answer;
  };
  const rateLimit = { requests: leads, perSeconds: 60 };
  const form = { ...forms['keeper'], call: [], track: ['touch'], rateLimit } as unknown as Form;
  const deployment = createDeployment(world, platform, { accounts, forms: { keeper: form } });
  for (let index = 0; index < leads; index++) {
    const wish = { index, form: 'keeper', phone: `+7916${1_000_000 + index}`, key: `key-${index}` };
    world.after(Math.floor((index * spreadMs) / leads), () => send(world, deployment, newHistory(wish), { form }));
  }
  planSweeps(world, deployment, () => false);
  for (let at = start; arrivals.length < leads && at < start + longest; at += minute) await world.runUntil(at);
  return { arrivals, refused, deployment };
}
