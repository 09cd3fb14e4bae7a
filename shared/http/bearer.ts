import { createHash, timingSafeEqual } from 'node:crypto';
import { InvalidRequestError } from '../errors.ts';

/** Lets only the bearer of this token pass, compared in constant time. Throws InvalidRequestError 401, the same for every wrong token. */
export function requireBearer(authorization: string | undefined, token: string): void {
  const given = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1] ?? '';
  const isRight = token !== '' && timingSafeEqual(digest(given), digest(token));
  if (!isRight)
    throw new InvalidRequestError(401, 'unauthorized', 'A valid operator token is needed: Authorization: Bearer …');
}

// Digests have one length, which timingSafeEqual asks for and which hides that of the token.
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
