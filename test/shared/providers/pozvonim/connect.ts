import { setTimeout as sleep } from 'node:timers/promises';
import type { Send } from '#shared/http/send.ts';
import { pozvonim } from '#shared/providers/pozvonim/provider.ts';
import type { Order } from '#shared/providers/provider.ts';
import { createTokenStore } from '#shared/store/tokens.ts';
import { createProviderPorts } from '../../../support/provider-ports.ts';

export const account = { provider: 'pozvonim', uid: '17', apiKey: 'key-of-seventeen', siteId: '3001' };

export const order: Order = {
  leadId: 'lead-1',
  phone: '+79161112233',
  name: 'Вася',
  email: 'vasya@mail.example',
  subject: 'Моя форма',
  language: 'ru',
  fields: {},
  attribution: {},
  visitor: {},
  createdAt: 0,
};

/** Opens accounts at this address, all of them over one table. Real HTTP, but an answer that hangs is given up early. */
export function connectTo(origin: string, time: { now: number }) {
  const ports = createProviderPorts(origin, time);
  const impatient: Send = (request) => ports.send({ ...request, timeoutMs: Math.min(request.timeoutMs, 1_500) });
  const wait = async (ms: number) => {
    await ports.wait(ms);
    await sleep(5);
  };
  return (changes: Record<string, unknown> = {}) => {
    const tokens = createTokenStore({ ...ports, wait });
    return pozvonim.connect({ ...account, ...changes }, { ...ports, send: impatient, tokens, wait });
  };
}
