import type { CommandModule } from 'yargs';
import { loadConfig } from '#shared/config/load-config.ts';
import type { Config } from '#shared/config/schema.ts';
import { type Send, send } from '#shared/http/send.ts';
import type { Finding } from '#shared/providers/provider.ts';
import { withConnection } from '../accounts.ts';
import { createClockWatch } from '../clock-watch.ts';
import { createDeployment } from '../deployment.ts';
import { checkDeployment } from '../deployment-check.ts';
import { explain } from '../explain.ts';
import { CommandError, type Terminal } from '../terminal.ts';

type Args = { url: string | undefined; accounts: boolean };

/** `ringback doctor`: what each account's provider says of it, and what a deployment knows, in words that tell what to do. */
export function doctorCommand(terminal: Terminal): CommandModule<object, Args> {
  return {
    command: 'doctor',
    describe: 'Check every account with harmless requests: keys, balance, what may be missing',
    builder: (parser) =>
      parser
        .option('url', { type: 'string', requiresArg: true, describe: 'A running deployment, to be checked too' })
        .option('accounts', {
          type: 'boolean',
          default: true,
          describe: 'Ask the providers; --no-accounts where their keys are not at hand',
        })
        .example('$0 doctor', 'A line for each check; exit code 1 if one failed')
        .example('$0 doctor --url https://… --no-accounts', 'After a deploy'),
    handler: (args) => check(args, terminal),
  };
}

/** Which address that is no provider tells: it lies behind the router's. */
const ownAddress: Finding = {
  check: 'egress',
  ok: true,
  message:
    "from here providers see this machine's public address, which curl https://checkip.amazonaws.com prints; --url checks a deployment's",
};

async function check({ url, accounts }: Args, terminal: Terminal): Promise<void> {
  const config = await loadConfig(terminal.env['RINGBACK_CONFIG']);
  const watch = createClockWatch(send, Date.now);
  let failed = 0;
  const show = (who: string, { check, ok, message }: Finding) => {
    terminal.print(`${ok ? 'ok  ' : 'FAIL'} ${who} ${check}: ${message}`);
    if (!ok) failed += 1;
  };
  for (const id of accounts ? Object.keys(config.accounts) : []) {
    for (const finding of await checkAccount(id, config, terminal, watch.send)) show(id, finding);
  }
  if (url === undefined) {
    show('this-machine', ownAddress);
  } else {
    const deployment = createDeployment(url, terminal, watch.send);
    for (const finding of await checkDeployment(deployment, config)) show('deployment', finding);
  }
  for (const finding of watch.findings()) show('this-machine', finding);
  if (failed > 0) throw new CommandError(failed === 1 ? '1 check failed.' : `${failed} checks failed.`);
}

async function checkAccount(id: string, config: Config, terminal: Terminal, send: Send): Promise<Finding[]> {
  try {
    return await withConnection(id, config, terminal, send, (connection) => connection.check());
  } catch (error) {
    return [{ check: 'connect', ok: false, message: explain(error).replaceAll('\n', ' ') }];
  }
}
