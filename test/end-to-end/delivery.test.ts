import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { secret } from '#shared/config/values.ts';
import type { Host } from '../../infra/local/host.ts';
import { serveSimulator } from '../../infra/local/simulators/serve.ts';
import type { Simulator, SimulatorRequest } from '../../infra/local/simulators/simulator.ts';
import { createWebhookSimulator } from '../../infra/local/simulators/webhook.ts';
import { listen } from '../support/listen.ts';
import { type Deployment, deploy, readLead, sendForm } from './local-host.ts';

const signingSecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const crm = createWebhookSimulator({ accounts: { crm: { signingSecret } }, clock: Date.now });

/** Accounts of CallKeeper that it refuses, by their widget's name. */
const refused = {
  disabled: { status: 710, reason: 'The widget is disabled' },
  'wrong-key': { status: 403, reason: 'Not the correct key api' },
  'no-minutes': { status: 200, reason: 'Not enough minutes' },
};
type Refused = keyof typeof refused;

const callkeeper = (walias: string) => ({
  provider: 'callkeeper',
  unique: 'acme',
  apiak: secret('callkeeper-key'),
  walias,
});
const form = { name: 'Call me back', origins: ['https://acme.example'], rateLimit: { requests: 100, perSeconds: 1 } };
const track = ['calltouch', 'crm'];

let receiver: Awaited<ReturnType<typeof listen>>;
let deployment: Deployment;
let host: Host;

beforeAll(async () => {
  receiver = await listen(serveSimulator(crm).server);
  const ids = Object.keys(refused) as Refused[];
  deployment = await deploy(
    {
      accounts: {
        callkeeper: callkeeper('main'),
        ...Object.fromEntries(ids.map((id) => [id, callkeeper(id)])),
        pozvonim: { provider: 'pozvonim', uid: 17, apiKey: secret('pozvonim-key'), siteId: 3001 },
        calltouch: { provider: 'calltouch', siteId: 18990 },
        crm: { provider: 'webhook', url: `${receiver.origin}/leads`, signingSecret: secret('crm') },
      },
      forms: {
        callback: { ...form, call: ['callkeeper', 'pozvonim'], track },
        ...Object.fromEntries(ids.map((id) => [id, { ...form, call: [id, 'pozvonim'] }])),
        subscribe: { ...form, track: ['calltouch'] },
      },
    },
    { RINGBACK_SECRET_CRM: signingSecret },
  );
  host = await deployment.start();
});
afterAll(async () => {
  await deployment.clean();
  await receiver.close();
});

function simulatorOf(provider: string): Simulator {
  const found = host.simulatedProviders.find(({ simulator }) => simulator.provider === provider);
  if (found === undefined) throw new Error(`${provider} is not simulated`);
  return found.simulator;
}

const callsTo = (provider: string, client: string) =>
  simulatorOf(provider)
    .calls()
    .filter((call) => call.client === client);

/** Answers in place of a provider where there is something to answer. */
function intercept(
  provider: string,
  answer: (request: SimulatorRequest) => ReturnType<Simulator['handle']> | undefined,
) {
  const simulator = simulatorOf(provider);
  const { handle } = simulator;
  simulator.handle = (request) => answer(request) ?? handle(request);
}

test('a form goes to every account of its route: one rings, all others get a copy', async () => {
  const requests: SimulatorRequest[] = [];
  intercept('calltouch', (request) => void requests.push(request));
  const { id } = await sendForm(host.url, { phone: '+79160000001', name: 'Анна' });
  const settled = { timeout: 5_000 };
  await expect
    .poll(() => readLead(host.url, id), settled)
    .toMatchObject({
      state: 'done',
      deliveries: [
        { account: 'callkeeper', state: 'PLACED', attempts: 1 },
        { account: 'calltouch', state: 'PLACED', attempts: 1 },
        { account: 'crm', state: 'PLACED', attempts: 1 },
      ],
    });
  expect(callsTo('callkeeper', '79160000001')).toHaveLength(1);
  expect(callsTo('pozvonim', '79160000001')).toEqual([]);
  expect(requests.map(({ body }) => new URLSearchParams(body).get('requestNumber'))).toEqual([id]);
  expect(crm.received).toMatchObject([{ account: 'crm', body: { id, phone: '+79160000001', name: 'Анна' } }]);
});

test.each(Object.keys(refused) as Refused[])(
  'when CallKeeper refuses for its account’s fault (%s), Pozvonim rings within five seconds, once',
  async (id) => {
    const phone = `7916000001${Object.keys(refused).indexOf(id)}`;
    const { status, reason } = refused[id];
    intercept('callkeeper', ({ body }) =>
      new URLSearchParams(body).get('walias') === id
        ? { status, body: JSON.stringify({ status: 'fail', reason }) }
        : undefined,
    );
    const lead = await sendForm(host.url, { phone: `+${phone}` }, {}, id);
    await expect.poll(() => callsTo('pozvonim', phone).length, { timeout: 5_000 }).toBe(1);
    await expect
      .poll(() => readLead(host.url, lead.id))
      .toMatchObject({ state: 'done', deliveries: [{ account: 'pozvonim', state: 'PLACED' }] });
    expect(callsTo('pozvonim', phone)).toHaveLength(1);
    expect(callsTo('callkeeper', phone)).toEqual([]);
  },
);

// How fast they go is measured by `npm run -s burst`, and proven in virtual time (test/shared/providers/calltouch/burst.test.ts).
test('50 copies at once all reach Calltouch', async () => {
  const send = () => sendForm(host.url, { phone: '+79160000200' }, { 'idempotency-key': randomUUID() }, 'subscribe');
  const leads = await Promise.all(Array.from({ length: 50 }, send));
  for (const { id } of leads) {
    await expect
      .poll(() => readLead(host.url, id), { timeout: 30_000 })
      .toMatchObject({ state: 'done', deliveries: [{ state: 'PLACED' }] });
  }
}, 60_000);
