import type { Config } from '#shared/config/schema.ts';
import { InvalidRequestError } from '#shared/errors.ts';
import type { IncomingRequest } from '#shared/http/incoming.ts';
import { tryParseJson } from '#shared/http/json.ts';
import type { Log } from '#shared/log.ts';
import { providerNamed } from '#shared/providers/registry.ts';
import { isHookSecret } from '#shared/stats/hook-path.ts';
import type { Outcomes } from '#shared/stats/outcomes.ts';

export type WebhookPorts = {
  config: Pick<Config, 'accounts'>;
  outcomes: Pick<Outcomes, 'report'>;
  /** The key that the addresses are made with. */
  readKey: () => Promise<string>;
  log: Log;
};

/** What a hook brought: news of a lead's call, of a call that is nobody's yet, or nothing that can be read. */
export type Received = { ok: true; lead: string | null } | { ok: true; ignored: true };

/**
 * Takes a provider's hook. It may come twice, late, in the wrong order or about a call that is nobody's: all of that is a success,
 * for a provider that is refused sends the same again. Throws InvalidRequestError 404 for a wrong address.
 */
export async function receiveWebhook(request: IncomingRequest, ports: WebhookPorts): Promise<Received> {
  const { account = '', secret = '' } = request.pathParameters;
  const isRight = isHookSecret(secret, account, await ports.readKey());
  const known = Object.hasOwn(ports.config.accounts, account) ? ports.config.accounts[account] : undefined;
  const readHook = known && providerNamed(known.provider).readHook;
  if (!isRight || known === undefined || readHook === undefined) {
    throw new InvalidRequestError(404, 'not_found', 'There is nothing here.');
  }
  const call = readHook(fieldsOf(request));
  if (call === undefined) {
    ports.log('hook not understood', { account });
    return { ok: true, ignored: true };
  }
  const lead = await ports.outcomes.report(known.provider, call);
  // Neither the call's number nor its status: both are whatever somebody outside wrote.
  const isUnknown = call.outcome === 'unknown' && call.status !== null;
  ports.log('hook received', { account, lead: lead ?? undefined }, isUnknown ? { UnknownStatuses: 1 } : {});
  return { ok: true, lead };
}

/** JSON, a form or the query: providers let their users choose. */
function fieldsOf({ body, query, headers }: IncomingRequest): Record<string, unknown> {
  const text = body?.toString() ?? '';
  const json = headers['content-type']?.includes('urlencoded') ? undefined : tryParseJson(text);
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Record<string, unknown>;
  return Object.fromEntries([...query, ...new URLSearchParams(text)]);
}
