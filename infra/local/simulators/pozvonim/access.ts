import { createHash } from 'node:crypto';
import type { Clock } from '#shared/ports.ts';
import type { Holding } from './holding.ts';
import { Refusal } from './refusal.ts';

const fourHours = 4 * 3_600_000;

type Token = { token: string; expiresAt: number };

/** Who may do what: "Получение токена" and "Подпись запроса" of the v2u document. A token holds for one uid and one address. */
export function createAccess(holdings: Map<string, Holding>, clock: Clock) {
  const tokens = new Map<string, Token>();
  let issued = 0;

  const holdingOf = (sent: URLSearchParams): Holding => {
    const holding = holdings.get(sent.get('uid') ?? '');
    if (holding === undefined) throw new Refusal(401, 'AUTH-UID-UNKNOWN', 'There is no such uid');
    if (!holding.apiEnabled) throw new Refusal(403, 'AUTH-API-DISABLED', 'The API is switched off in the profile');
    return holding;
  };

  return {
    /** /auth/token, signed with the API key. A new token takes the place of the one before. */
    issueToken(sent: URLSearchParams, address: string) {
      const holding = holdingOf(sent);
      if (sent.get('sign') !== signatureOf(holding.apiKey, sent)) throw wrongSign();
      const token = md5(`${holding.apiKey} ${clock()} ${++issued}`);
      const expiresAt = clock() + fourHours;
      tokens.set(`${holding.uid} ${address}`, { token, expiresAt });
      return { token, expire: Math.floor(expiresAt / 1000) };
    },
    /** Whose request this is, when its signature is right. */
    authorise(sent: URLSearchParams, address: string): Holding {
      const holding = holdingOf(sent);
      const held = tokens.get(`${holding.uid} ${address}`);
      if (held === undefined || held.expiresAt <= clock()) {
        throw new Refusal(401, 'AUTH-TOKEN-EXPIRED', 'There is no token for this address, or it has run out');
      }
      if (sent.get('sign') !== signatureOf(held.token, sent)) throw wrongSign();
      return holding;
    },
    revokeTokens: () => tokens.clear(),
  };
}

/** What a server makes of the pairs that came: all but the sign, sorted by the name before the first bracket, encoded as PHP does. */
export function signatureOf(key: string, sent: URLSearchParams): string {
  const pairs = [...sent].filter(([name]) => name !== 'sign');
  const topLevel = ([name]: [string, string]) => name.split('[', 1)[0] ?? '';
  pairs.sort((one, other) => Buffer.compare(Buffer.from(topLevel(one)), Buffer.from(topLevel(other))));
  // Forms are encoded in browsers and PHP alike, but for the asterisk.
  return md5(key + new URLSearchParams(pairs).toString().replaceAll('*', '%2A'));
}

function wrongSign() {
  return new Refusal(403, 'AUTH-SIGN-INVALID', 'The sign does not fit the parameters');
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
