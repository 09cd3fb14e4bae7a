import { createHmac } from 'node:crypto';
import { ConfigError } from '../../errors.ts';

type SignedHeaders = { 'webhook-id': string; 'webhook-timestamp': string; 'webhook-signature': string };

/** The key in a secret: base64 after `whsec_` as the Standard Webhooks specification has it, else the text's own bytes. Throws ConfigError. */
export function readKey(secret: string): Buffer {
  if (!secret.startsWith('whsec_')) return Buffer.from(secret, 'utf8');
  const base64 = secret.slice('whsec_'.length);
  const key = Buffer.from(base64, 'base64');
  if (key.length > 0 && unpadded(key.toString('base64')) === unpadded(base64)) return key;
  throw new ConfigError('the signing secret of a webhook must be plain text, or base64 after whsec_');
}

/** Headers by which the receiver knows the sender (Standard Webhooks 1.0, symmetric). `sentAt` in milliseconds since 1970 UTC. */
export function sign(key: Buffer, id: string, sentAt: number, body: string): SignedHeaders {
  const timestamp = String(Math.floor(sentAt / 1000));
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}

function unpadded(base64: string): string {
  return base64.replaceAll('=', '');
}
