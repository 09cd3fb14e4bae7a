import type { SSMClient } from '@aws-sdk/client-ssm';
import type { Argv, CommandModule } from 'yargs';
import { loadConfig } from '#shared/config/load-config.ts';
import { operatorToken, phoneKey, secretNames } from '#shared/config/secrets.ts';
import { parseStage } from '#shared/config/stage.ts';
import { quote } from '#shared/providers/quote.ts';
import { CommandError, type Terminal } from '../terminal.ts';

type Shared = { stage: string };

/** Nobody gives these to the owner, and whoever guesses one gets in: what slows guessing down is their length. */
const madeUp = [operatorToken, phoneKey];
const minMadeUpLength = 32;

/** What GetParameters takes at once. */
const atOnce = 10;

/** `ringback secrets set <name>` and `list`: the SecureString parameters of a deployment in AWS. */
export function secretsCommand(terminal: Terminal): CommandModule {
  return {
    command: 'secrets',
    describe: "Put a deployment's secrets into SSM, and see which are missing",
    builder: (parser) =>
      parser
        .option('stage', {
          type: 'string',
          requiresArg: true,
          default: 'dev',
          describe: 'The deployment, such as prod',
        })
        .command(setCommand(terminal))
        .command(listCommand(terminal))
        .demandCommand(1, 'Say what to do with them.')
        .epilogue('AWS credentials and region come from the environment, as for the AWS command line.'),
    // Never reached: one of its commands is demanded.
    handler() {},
  };
}

function setCommand(terminal: Terminal): CommandModule<object, Shared & { name: string }> {
  return {
    command: 'set <name>',
    describe: 'Set a secret to what standard input holds',
    builder: (parser) =>
      (parser as Argv<Shared>)
        .positional('name', { type: 'string', demandOption: true, describe: 'As the config names it' })
        .example('openssl rand -hex 32 | $0 secrets set phone-key --stage prod', 'One that nobody has to know'),
    async handler({ name, stage }) {
      const parameterOf = parametersOf(stage);
      const names = await namesOf(terminal);
      if (!names.includes(name)) {
        throw new CommandError(`The config has no secret "${name}"; it has: ${names.join(', ')}.`);
      }
      const value = (await terminal.readInput()).replace(/\r?\n$/, '');
      if (value === '') throw new CommandError('Nothing came from standard input: pipe the value into the command.');
      if (madeUp.includes(name) && value.length < minMadeUpLength) {
        throw new CommandError(`${name} can be guessed when it is short: openssl rand -hex 32 makes a good one.`);
      }
      const { PutParameterCommand } = await import('@aws-sdk/client-ssm');
      const parameter = {
        Name: parameterOf(name),
        Value: value,
        Type: 'SecureString',
        Overwrite: true,
      } as const;
      await withClient((client) => client.send(new PutParameterCommand(parameter)), value);
      terminal.warn(`Set ${parameter.Name}. Functions that run already take it on within five minutes.`);
    },
  };
}

function listCommand(terminal: Terminal): CommandModule<object, Shared> {
  return {
    command: 'list',
    describe: 'Which secrets the config needs, and which are missing; their values stay unread',
    builder: (parser) => parser as Argv<Shared>,
    async handler({ stage }) {
      const parameterOf = parametersOf(stage);
      const names = await namesOf(terminal);
      const missing = await findMissing(names.map(parameterOf));
      for (const name of names) {
        terminal.print(`${missing.has(parameterOf(name)) ? 'MISSING' : 'set    '} ${parameterOf(name)}`);
      }
      if (missing.size > 0) {
        throw new CommandError(`${missing.size} missing: ringback secrets set <name> --stage ${stage}`);
      }
    },
  };
}

async function namesOf({ env }: Terminal): Promise<string[]> {
  return secretNames(await loadConfig(env['RINGBACK_CONFIG']));
}

/** What makes a secret's name that of its parameter. Throws ConfigError. */
function parametersOf(stage: string): (name: string) => string {
  const prefix = `/ringback/${parseStage(stage, '--stage')}/`;
  return (name) => prefix + name;
}

async function findMissing(parameters: string[]): Promise<Set<string>> {
  const { GetParametersCommand } = await import('@aws-sdk/client-ssm');
  const missing = new Set<string>();
  for (let at = 0; at < parameters.length; at += atOnce) {
    const Names = parameters.slice(at, at + atOnce);
    const { InvalidParameters = [] } = await withClient((client) => client.send(new GetParametersCommand({ Names })));
    for (const name of InvalidParameters) missing.add(name);
  }
  return missing;
}

/** The SDK is loaded here and nowhere else in the command line: the other commands need no AWS. SSM quotes a value that it does not take. */
async function withClient<Result>(use: (client: SSMClient) => Promise<Result>, value?: string): Promise<Result> {
  const { SSMClient } = await import('@aws-sdk/client-ssm');
  const client = new SSMClient({});
  try {
    return await use(client);
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    throw new CommandError(
      `SSM did not answer as hoped (${name}: ${quote(message, value)}). Are AWS credentials and region set?`,
      {
        cause: error,
      },
    );
  } finally {
    client.destroy();
  }
}
