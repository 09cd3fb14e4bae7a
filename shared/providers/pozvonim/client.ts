import { ProviderError } from '../../errors.ts';
import type { HttpRequest } from '../../http/send.ts';
import { type StoredToken, TokenWaitError } from '../../store/tokens.ts';
import { exchange, limits } from '../exchange.ts';
import type { Method, ProviderPorts } from '../provider.ts';
import { asTokenFault, isTokenRefused, readAnswer } from './faults.ts';
import { type MethodName, methods, type ParamsOf, type PozvonimMethod } from './methods.ts';
import { splitParams } from './params.ts';
import { signedQuery } from './signing.ts';
import { readToken } from './wire.ts';

const basePath = '/v2u';
const tokenPath = '/auth/token';
/**
 * The time of a method holds for everything that it takes to get an answer, since a claim waits for it. A request leaves
 * only while there is this much of it left: more than the 10 s to connect, so that a host out of reach is told from a lost answer.
 */
const minRequestMs = 11_000;
const tokenTimeoutMs = limits.orderTimeoutMs - minRequestMs;

export type Credentials = { uid: string; apiKey: string };

/** Every documented method. Resolves with the answer as it came, null where it has no body. Throws ProviderError. */
export type Client = { [Name in MethodName]: (params: ParamsOf<Name>) => Promise<unknown> };

type Split = ReturnType<typeof splitParams>;

type ClientPorts = Pick<ProviderPorts, 'send' | 'origin' | 'tokens' | 'clock'>;

/** Signs with a token that all functions share, and renews it once when it is refused: a refused request has done nothing. */
export function createClient({ uid, apiKey }: Credentials, { send, origin, tokens, clock }: ClientPorts): Client {
  const request = async (verb: Method['verb'], { path, rest }: Split, key: string, timeoutMs: number) => {
    const query = signedQuery(key, { ...rest, uid });
    const sent = { key, ...rest, uid, sign: query.slice(-32) };
    const maxBytes = verb === 'GET' ? limits.listMaxBytes : limits.orderMaxBytes;
    const carried = carry(verb, `${origin}${basePath}${path}`, query);
    return readAnswer(await exchange('pozvonim', send, { ...carried, timeoutMs, maxBytes }), sent);
  };
  const requestToken = () => request('GET', { path: tokenPath, rest: {} }, apiKey, tokenTimeoutMs);

  const fetchToken = async (): Promise<StoredToken> => {
    const askedAt = clock();
    try {
      return readToken(await requestToken(), askedAt);
    } catch (error) {
      throw asTokenFault(error);
    }
  };

  const getToken = async (refused?: string): Promise<string> => {
    try {
      return await tokens.get(`pozvonim-${uid}`, fetchToken, refused);
    } catch (error) {
      if (!(error instanceof TokenWaitError)) throw error;
      throw passing(error.message, error);
    }
  };

  const call = async (method: PozvonimMethod, params: Record<string, unknown>): Promise<unknown> => {
    const split = splitParams(method, params);
    if (method.path === tokenPath) return requestToken();
    const endsAt = clock() + (method.verb === 'GET' ? limits.listTimeoutMs : limits.orderTimeoutMs);
    const attempt = (token: string) => {
      const left = endsAt - clock();
      if (left < minRequestMs) throw passing('getting a token took too long, nothing was sent');
      return request(method.verb, split, token, left);
    };
    const token = await getToken();
    try {
      return await attempt(token);
    } catch (error) {
      if (!isTokenRefused(error)) throw error;
      return attempt(await getToken(token));
    }
  };

  const functions = methods.map((method) => [method.name, (params: Record<string, unknown>) => call(method, params)]);
  // The types of Client are made of the very table that this goes through.
  return Object.fromEntries(functions) as Client;
}

function carry(
  verb: Method['verb'],
  url: string,
  query: string,
): Pick<HttpRequest, 'method' | 'url' | 'headers' | 'body'> {
  if (verb === 'GET' || verb === 'DELETE') return { method: verb, url: `${url}?${query}` };
  return { method: verb, url, headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: query };
}

function passing(message: string, cause?: unknown): ProviderError {
  return new ProviderError(message, { provider: 'pozvonim', fault: 'passing', cause });
}
