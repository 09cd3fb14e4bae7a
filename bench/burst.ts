import { randomUUID } from 'node:crypto';
import { deploy, sendForm } from '../test/end-to-end/local-host.ts';

const copies = 50;
/** What Calltouch allows from one address (register document). */
const perSecond = 5;
const share = 0.95;

/**
 * Sends 50 forms at once through the local host and measures how fast their copies reach the simulated Calltouch, which refuses
 * the sixth request of a second. On a machine that is busy with other things, requests come later than their slots.
 */
const deployment = await deploy({
  accounts: { calltouch: { provider: 'calltouch', siteId: 18990 } },
  forms: {
    subscribe: {
      name: 'Subscribe',
      origins: ['https://acme.example'],
      track: ['calltouch'],
      rateLimit: { requests: 1000, perSeconds: 1 },
    },
  },
});
try {
  const host = await deployment.start();
  const simulator = host.simulatedProviders[0]?.simulator;
  if (simulator === undefined) throw new Error('Calltouch is not simulated');
  const { handle } = simulator;
  const arrivals: number[] = [];
  let refused = 0;
  const allArrived = Promise.withResolvers<void>();
  simulator.handle = (request) => {
    const answer = handle(request);
    arrivals.push(Date.now());
    if (answer.status === 429) refused++;
    if (arrivals.length - refused === copies) allArrived.resolve();
    return answer;
  };
  const send = () => sendForm(host.url, { phone: '+79160000200' }, { 'idempotency-key': randomUUID() }, 'subscribe');
  await Promise.all(Array.from({ length: copies }, send));
  await allArrived.promise;
  const seconds = ((arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0)) / 1_000;
  const rate = (copies - 1) / seconds;
  process.stdout.write(
    `${copies} copies, ${refused} refused with 429, ${rate.toFixed(2)} a second: ${((100 * rate) / perSecond).toFixed(1)}% of the limit\n`,
  );
  if (refused > 0 || rate < share * perSecond) process.exitCode = 1;
} finally {
  await deployment.clean();
}
