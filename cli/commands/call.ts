import type { CommandModule } from 'yargs';
import { loadConfig } from '#shared/config/load-config.ts';
import { parseJson } from '#shared/http/json.ts';
import { send } from '#shared/http/send.ts';
import { findAccount, withConnection } from '../accounts.ts';
import { CommandError, type Terminal } from '../terminal.ts';

type Args = { account: string; method: string; json: string };

/** `ringback call <account> <method> --json '{…}'`: the provider's answer as JSON. */
export function callCommand(terminal: Terminal): CommandModule<object, Args> {
  return {
    command: 'call <account> <method>',
    describe: 'Call any documented method of an account, and print the answer as JSON',
    builder: (parser) =>
      parser
        .positional('account', { type: 'string', demandOption: true, describe: 'An id of accounts in the config' })
        .positional('method', { type: 'string', demandOption: true, describe: 'See: ringback methods <provider>' })
        .option('json', {
          type: 'string',
          requiresArg: true,
          default: '{}',
          describe: "The parameters under the provider's own names, - to read them from standard input",
        })
        .example('$0 call callkeeper getUserInfo', 'Who the account belongs to')
        .example(`$0 call callkeeper getCallInfo --json '{"id_call": "1234567"}'`, 'One call')
        .example('$0 call callkeeper orderCall --json - < order.json', 'Parameters from a file'),
    handler: (args) => call(args, terminal),
  };
}

async function call({ account: id, method, json }: Args, terminal: Terminal): Promise<void> {
  const params = readParams(json === '-' ? await terminal.readInput() : json);
  const config = await loadConfig(terminal.env['RINGBACK_CONFIG']);
  const { provider } = findAccount(config, id);
  if (!provider.methods.some(({ name }) => name === method)) {
    throw new CommandError(
      `${provider.name} has no method "${method}"; they are listed by: ringback methods ${provider.name}`,
    );
  }
  const refusals = await withConnection(id, config, terminal, send, async (connection) => {
    const answer = await connection.invoke(method, params);
    terminal.print(JSON.stringify(answer ?? null, null, 2));
    return connection.refusalsIn?.(method, params, answer) ?? [];
  });
  if (refusals.length > 0) {
    throw new CommandError(`${provider.name} refused a part and took the rest:\n${refusals.join('\n')}`);
  }
}

function readParams(json: string): Record<string, unknown> {
  let params: unknown;
  try {
    params = parseJson(json);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // The engine's own words quote the text, in which a phone may stand.
    throw new CommandError(`What --json got is not JSON; quote it for the shell: --json '{"id_call": "1234567"}'`);
  }
  if (typeof params !== 'object' || params === null || Array.isArray(params)) {
    throw new CommandError('What --json got must be an object, a key for each parameter: {"id_call": "1234567"}');
  }
  return params as Record<string, unknown>;
}
