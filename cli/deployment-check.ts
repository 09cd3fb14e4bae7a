import * as z from 'zod';
import type { Config } from '#shared/config/schema.ts';
import type { Finding } from '#shared/providers/provider.ts';
import type { Deployment } from './deployment.ts';
import { explain } from './explain.ts';

const answerSchema = z.object({
  accounts: z.array(
    z.object({ id: z.string(), breaker: z.object({ reason: z.string(), openedAt: z.string() }).nullable() }),
  ),
  egress: z.object({ kind: z.string(), address: z.string().nullable() }),
});
type Answer = z.output<typeof answerSchema>;

/**
 * What a running deployment itself knows. Its own address cannot be tried from here: whether a provider lets it in shows in what
 * the provider has answered to it, which is what keeps leads away from an account.
 */
export async function checkDeployment(deployment: Deployment, config: Config): Promise<Finding[]> {
  let answer: Answer;
  try {
    answer = answerSchema.parse(await deployment.get('/api/accounts'));
  } catch (error) {
    const words = error instanceof z.ZodError ? 'it is another version of Ringback: deploy this one' : explain(error);
    return [{ check: 'answer', ok: false, message: words.replaceAll('\n', ' ') }];
  }
  return [
    { check: 'answer', ok: true, message: `${deployment.origin} knows the token` },
    accountsFinding(answer, config),
    egressFinding(answer, config),
    ...answer.accounts.map(breakerFinding),
  ];
}

function accountsFinding({ accounts }: Answer, config: Config): Finding {
  const deployed = accounts.map(({ id }) => id).sort();
  const own = Object.keys(config.accounts).sort();
  return deployed.join() === own.join()
    ? { check: 'accounts', ok: true, message: `has the accounts of the config: ${own.join(', ')}` }
    : { check: 'accounts', ok: false, message: `has other accounts than the config (${deployed.join(', ')}): deploy` };
}

function egressFinding({ egress: { kind, address } }: Answer, config: Config): Finding {
  if (kind !== config.egress) {
    return { check: 'egress', ok: false, message: `is ${kind}, the config says ${config.egress}: deploy` };
  }
  const { ok, words } = addressFinding(kind, address, config.authorisedAddresses);
  return { check: 'egress', ok, message: `${kind}: ${words}` };
}

/** Whether the deployment has the address that its owner has told the providers of. */
function addressFinding(kind: string, address: string | null, authorised: string[]): { ok: boolean; words: string } {
  const listed = authorised.join(', ');
  if (kind === 'none') {
    return authorised.length === 0
      ? { ok: true, words: 'providers see changing addresses and can authorise none' }
      : { ok: false, words: `providers see changing addresses and not ${listed}, which authorisedAddresses has` };
  }
  if (address === null) {
    return {
      ok: true,
      words: 'has the kept address of its allocation, which it does not know itself: compare it by hand',
    };
  }
  if (authorised.includes(address)) return { ok: true, words: `${address}, which authorisedAddresses has` };
  return authorised.length === 0
    ? { ok: true, words: `authorise ${address} at the providers, then put it into authorisedAddresses` }
    : {
        ok: false,
        words: `calls leave from ${address}, and authorised is ${listed}: authorise it at the providers, then put it into authorisedAddresses`,
      };
}

function breakerFinding({ id, breaker }: Answer['accounts'][number]): Finding {
  const check = `account ${id}`;
  if (breaker === null) return { check, ok: true, message: 'its provider takes leads' };
  // Nothing is wrong with the deployment: its alarm tells the owner, and a deploy is no reason to go back.
  return {
    check,
    ok: true,
    message: `avoided since ${breaker.openedAt}: ${breaker.reason}; mend it, then release it`,
  };
}
