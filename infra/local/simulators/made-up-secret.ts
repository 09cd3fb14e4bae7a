import { createHash } from 'node:crypto';

/** What a secret is where only simulators ask for it and nobody has set it: 32 hexadecimal digits, the form of the providers' keys, the same each time. */
export function madeUpSecret(name: string): string {
  return createHash('md5').update(name).digest('hex');
}
