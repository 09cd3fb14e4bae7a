import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock, NewNonce } from '#shared/ports.ts';
import { createMadeUpKey } from '#shared/store/made-up-key.ts';
import type { Table } from '#shared/store/table.ts';

/** Tells how long ago a form was shown, by a time that the page got signed when it was. */
export type Stamps = {
  /** `<milliseconds since 1970 UTC>.<signature>` for this form, now. */
  mint(form: string): Promise<string>;
  /** What is wrong with the stamp of a form that should have taken at least `minFillSeconds`. */
  judge(form: string, stamp: string, minFillSeconds: number): Promise<'too-fast' | 'forged-stamp' | undefined>;
};

const stampPattern = /^(\d{1,16})\.([0-9a-f]{64})$/;

/** The key opens nothing else. */
export function createStamps(ports: { table: Table; clock: Clock; newNonce: NewNonce }): Stamps {
  const { clock } = ports;
  const readKey = createMadeUpKey(ports, 'stamp-key');

  async function sign(form: string, at: string): Promise<Buffer> {
    return createHmac('sha256', await readKey())
      .update(JSON.stringify([form, at]))
      .digest();
  }

  return {
    async mint(form) {
      const at = String(clock());
      return `${at}.${(await sign(form, at)).toString('hex')}`;
    },
    async judge(form, stamp, minFillSeconds) {
      const [, at, signature] = stampPattern.exec(stamp) ?? [];
      if (at === undefined || signature === undefined) return 'forged-stamp';
      if (!timingSafeEqual(Buffer.from(signature, 'hex'), await sign(form, at))) return 'forged-stamp';
      return clock() - Number(at) < minFillSeconds * 1000 ? 'too-fast' : undefined;
    },
  };
}
