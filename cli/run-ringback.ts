import yargs from 'yargs';
import { callCommand } from './commands/call.ts';
import { doctorCommand } from './commands/doctor.ts';
import { leadsCommand } from './commands/leads.ts';
import { methodsCommand } from './commands/methods.ts';
import { reportCommand } from './commands/report.ts';
import { secretsCommand } from './commands/secrets.ts';
import { smokeCommand } from './commands/smoke.ts';
import { statsCommand } from './commands/stats.ts';
import { type Completion, createCompletion, isCompletion } from './completion.ts';
import { explain } from './explain.ts';
import { CommandError, type Terminal } from './terminal.ts';

/** Runs one command line, without the program's name, and resolves with its exit code. */
export async function runRingback(args: string[], terminal: Terminal): Promise<number> {
  try {
    const completion = await createCompletion(args, terminal);
    await createParser(args, terminal, completion).parseAsync();
    return 0;
  } catch (error) {
    terminal.warn(explain(error));
    return 1;
  }
}

function createParser(args: string[], terminal: Terminal, completion: Completion) {
  return (
    yargs(args)
      .scriptName('ringback')
      .usage(
        '$0 <command>\n\nTalks to the providers of the accounts in ringback.config.ts, and to a running deployment.',
      )
      .command(callCommand(terminal))
      .command(methodsCommand(terminal))
      .command(doctorCommand(terminal))
      .command(leadsCommand(terminal))
      .command(secretsCommand(terminal))
      .command(smokeCommand(terminal))
      .command(statsCommand(terminal))
      .command(reportCommand(terminal))
      .completion('completion', 'Print a script that completes commands, accounts, providers and methods', completion)
      .epilogue(
        'Each command has a --help of its own. RINGBACK_CONFIG names another config; without the variables of docs/command-line.md providers are simulated, and the deployment is the one that npm start runs.',
      )
      .demandCommand(1, 'Name a command.')
      .strict()
      .parserConfiguration({ 'duplicate-arguments-array': false })
      .detectLocale(false)
      // After completions yargs must end the process, or it takes the half command line for a wrong one.
      .exitProcess(isCompletion(args))
      .fail((message, error, parser) => {
        // yargs hands over what a command threw, or a message of its own when the command line itself is wrong.
        if (error) throw error;
        parser.showHelp((help) => terminal.warn(`${help}\n`));
        throw new CommandError(message);
      })
  );
}
