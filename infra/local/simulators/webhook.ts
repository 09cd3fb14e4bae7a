import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Simulator, SimulatorOptions, SimulatorRequest, SimulatorResponse } from './simulator.ts';

/** A message is refused when its timestamp is farther from now than this (Standard Webhooks, "Verifying webhook authenticity"). */
const toleranceSeconds = 300;

export type ReceivedMessage = { id: string; account: string; body: unknown };

/** A receiver of leads that believes nothing without a signature and keeps each message once. */
export function createWebhookSimulator({
  accounts,
  clock,
}: Pick<SimulatorOptions, 'accounts' | 'clock'>): Simulator & { received: ReceivedMessage[] } {
  const received: ReceivedMessage[] = [];

  function handle(request: SimulatorRequest): SimulatorResponse {
    const id = request.headers['webhook-id'] ?? '';
    const timestamp = request.headers['webhook-timestamp'] ?? '';
    if (request.method !== 'POST') return refuse(405, 'send leads by POST');
    if (!request.headers['content-type']?.startsWith('application/json')) return refuse(415, 'send leads as JSON');
    if (id === '' || !/^\d+$/.test(timestamp)) return refuse(400, 'the message has no id or no timestamp');
    if (Math.abs(clock() / 1000 - Number(timestamp)) > toleranceSeconds) return refuse(400, 'the message is too old');
    const account = Object.entries(accounts).find(([, { signingSecret }]) =>
      isSignedBy(String(signingSecret), `${id}.${timestamp}.${request.body}`, request.headers['webhook-signature']),
    )?.[0];
    if (account === undefined) return refuse(401, 'the signature is not of any account');
    if (!received.some((message) => message.id === id)) {
      received.push({ id, account, body: JSON.parse(request.body) as unknown });
    }
    return { status: 204, body: '' };
  }

  return { provider: 'webhook', received, handle, calls: () => [], setListLag() {}, revokeTokens() {} };
}

/** A header may hold several signatures, of old keys and new ones, with spaces between. */
function isSignedBy(secret: string, content: string, header = ''): boolean {
  const [, base64] = /^whsec_(.+)$/.exec(secret) ?? [];
  const expected = createHmac('sha256', base64 === undefined ? secret : Buffer.from(base64, 'base64'))
    .update(content)
    .digest();
  return header.split(' ').some((signature) => {
    const given = signature.startsWith('v1,') ? Buffer.from(signature.slice('v1,'.length), 'base64') : Buffer.alloc(0);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

function refuse(status: number, message: string): SimulatorResponse {
  return { status, body: JSON.stringify({ message }) };
}
