import { InvalidRequestError } from '../errors.ts';

/** Any method of a client by its name. Throws InvalidRequestError when there is none, and whatever the method throws. */
export async function invoke(
  provider: string,
  client: object,
  method: string,
  params: Record<string, unknown>,
): Promise<unknown> {
  if (!Object.hasOwn(client, method)) throw unknownMethod(provider, method);
  // What a caller passes is unknown by nature; the client checks it against the method's own schema.
  return (client as Record<string, (params: Record<string, unknown>) => Promise<unknown>>)[method]?.(params);
}

export function unknownMethod(provider: string, method: string): InvalidRequestError {
  return new InvalidRequestError(404, 'unknown-method', `${provider} has no method "${method}"`);
}
