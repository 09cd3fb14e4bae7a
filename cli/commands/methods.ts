import type { CommandModule } from 'yargs';
import { providerNamed, providers } from '#shared/providers/registry.ts';
import type { Terminal } from '../terminal.ts';

type Args = { provider: string };

/** `ringback methods <provider>`: a line for each method, with its verb, its path and what it requires besides. */
export function methodsCommand(terminal: Terminal): CommandModule<object, Args> {
  return {
    command: 'methods <provider>',
    describe: 'List the methods of a provider: name, verb, path, required parameters',
    builder: (parser) =>
      parser
        .positional('provider', { choices: providers.map(({ name }) => name), demandOption: true })
        .example('$0 methods callkeeper', 'What can be called at an account of CallKeeper'),
    handler({ provider }) {
      for (const { name, verb, path, required } of providerNamed(provider).methods) {
        terminal.print([name, verb, path, ...required].join(' '));
      }
    },
  };
}
