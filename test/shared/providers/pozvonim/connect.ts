import { setTimeout as sleep } from 'node:timers/promises';
import { type Send, send } from '#shared/http/send.ts';
import { pozvonim } from '#shared/providers/pozvonim/provider.ts';
import type { Order } from '#shared/providers/provider.ts';
import { createMemoryTable } from '#shared/store/memory-table.ts';
import { createPaceStore } from '#shared/store/pace.ts';
import { createTokenStore } from '#shared/store/tokens.ts';

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
  const table = createMemoryTable();
  let nonces = 0;
  const clock = () => time.now;
  const newNonce = () => `nonce-${++nonces}`;
  const impatient: Send = (request) => send({ ...request, timeoutMs: Math.min(request.timeoutMs, 300) });
  const wait = async (ms: number) => {
    time.now += ms;
    await sleep(5);
  };
  const pace = createPaceStore({ table, clock, newNonce });
  return (changes: Record<string, unknown> = {}) => {
    const tokens = createTokenStore({ table, clock, newNonce, wait });
    return pozvonim.connect(
      { ...account, ...changes },
      { send: impatient, clock, newNonce, tokens, pace, wait, origin },
    );
  };
}
