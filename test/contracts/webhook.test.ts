import { webhook } from '#shared/providers/webhook/provider.ts';
import { createWebhookSimulator } from '../../infra/local/simulators/webhook.ts';
import { testProvider } from './provider.ts';

const signingSecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

testProvider({
  provider: webhook,
  account: (origin) => ({ provider: 'webhook', url: `${origin}/leads/`, signingSecret }),
  createSimulator: createWebhookSimulator,
  secrets: [signingSecret, 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
  faults: { redirect: 'account' },
});
