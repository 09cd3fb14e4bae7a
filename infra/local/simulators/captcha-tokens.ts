import { randomBytes } from 'node:crypto';
import type { Clock } from '#shared/ports.ts';

/** Both verifiers forget a token after this time. */
const validMs = 5 * 60_000;

type Token = { host: string; action: string; mintedAt: number; spentBy: string | undefined };

/** What a verifier finds: where the token was got, or that it is none of its own, too old or spent. */
export type Spent = { host: string; action: string; mintedAt: number } | 'unknown' | 'over';

/** The tokens that a widget has handed out and its verifier takes back, each once. */
export function createCaptchaTokens(clock: Clock) {
  const tokens = new Map<string, Token>();
  return {
    /** What the widget on a page of this host would give a visitor. */
    mint(host: string, action = ''): string {
      const token = randomBytes(24).toString('base64url');
      tokens.set(token, { host, action, mintedAt: clock(), spentBy: undefined });
      return token;
    },
    /** `spender`: the same may spend a token again. */
    spend(token: string, spender: string): Spent {
      const known = tokens.get(token);
      if (known === undefined) return 'unknown';
      const isSpent = known.spentBy !== undefined && (known.spentBy !== spender || spender === '');
      if (isSpent || clock() - known.mintedAt > validMs) return 'over';
      known.spentBy = spender;
      return known;
    },
  };
}

export type CaptchaTokens = ReturnType<typeof createCaptchaTokens>;
