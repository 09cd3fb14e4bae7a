import type { Argv, CommandModule } from 'yargs';
import { send } from '#shared/http/send.ts';
import { createDeployment } from '../deployment.ts';
import { readErased, readLead, readList } from '../lead-answer.ts';
import { leadTable, leadText } from '../lead-text.ts';
import type { Terminal } from '../terminal.ts';

type Shared = { url?: string; json: boolean };
type ListArgs = Shared & { form?: string; state?: string; from?: string; to?: string; cursor?: string };
type LeadArgs = Shared & { id: string };

/** `ringback leads list`, and `show`, `retry`, `cancel`, `release` or `erase` with an id: the leads of a running deployment. */
export function leadsCommand(terminal: Terminal): CommandModule {
  return {
    command: 'leads',
    describe: 'Read and mend the leads of a running deployment',
    builder: (parser) =>
      parser
        .option('url', { type: 'string', requiresArg: true, describe: 'The deployment; the local one unless given' })
        .option('json', { type: 'boolean', default: false, describe: 'Print what the API answers' })
        .command(listCommand(terminal))
        .command(showCommand(terminal))
        .command(actCommand(terminal, 'retry', 'Send again what is held or came too late, within the limits'))
        .command(actCommand(terminal, 'release', 'The same past the limits: also what was taken for spam'))
        .command(actCommand(terminal, 'cancel', 'Stop what has not left yet'))
        .command(eraseCommand(terminal))
        .demandCommand(1, 'Say what to do with them.')
        .epilogue("The operator's token is read from RINGBACK_OPERATOR_TOKEN."),
    // Never reached: one of its commands is demanded.
    handler() {},
  };
}

function listCommand(terminal: Terminal): CommandModule<object, ListArgs> {
  const text = { type: 'string', requiresArg: true } as const;
  return {
    command: 'list',
    describe: 'Leads, newest first',
    builder: (parser) =>
      (parser as Argv<Shared>)
        .option('form', { ...text, describe: 'Of this form only' })
        .option('state', { ...text, choices: ['open', 'done', 'attention', 'spam'] })
        .option('from', {
          ...text,
          describe: 'Sent at or after this instant, such as 2026-11-22 or 2026-11-22T15:00:00Z',
        })
        .option('to', { ...text, describe: 'Sent before this instant' })
        .option('cursor', { ...text, describe: 'Where the list before this one ended' })
        .example('$0 leads list --state attention', 'What needs a person')
        .example('$0 leads list --form callback --from 2026-11-22 --json', 'For a program') as Argv<ListArgs>,
    async handler({ url, json, form, state, from, to, cursor }) {
      const answer = await createDeployment(url, terminal, send).get('/api/leads', { form, state, from, to, cursor });
      if (json) return terminal.print(JSON.stringify(answer, null, 2));
      const list = readList(answer);
      if (list.leads.length > 0) terminal.print(leadTable(list.leads));
      if (list.cursor !== null) terminal.warn(`There may be more: add --cursor ${list.cursor}`);
      else if (list.leads.length === 0) terminal.warn('There are no such leads.');
    },
  };
}

function showCommand(terminal: Terminal): CommandModule<object, LeadArgs> {
  return {
    command: 'show <id>',
    describe: 'One lead with its deliveries and calls',
    builder: (parser) =>
      (parser as Argv<Shared>)
        .positional('id', { type: 'string', demandOption: true })
        .example('$0 leads show 5d41402abc4b2a76b9719d911017c592', 'What became of it'),
    async handler({ url, json, id }) {
      const answer = await createDeployment(url, terminal, send).get(pathOf(id));
      terminal.print(json ? JSON.stringify(answer, null, 2) : leadText(readLead(answer)));
    },
  };
}

function actCommand(terminal: Terminal, action: string, describe: string): CommandModule<object, LeadArgs> {
  return {
    command: `${action} <id>`,
    describe,
    builder: (parser) => (parser as Argv<Shared>).positional('id', { type: 'string', demandOption: true }),
    async handler({ url, json, id }) {
      const answer = await createDeployment(url, terminal, send).post(`${pathOf(id)}/${action}`);
      terminal.print(json ? JSON.stringify(answer, null, 2) : leadText(readLead(answer)));
    },
  };
}

function eraseCommand(terminal: Terminal): CommandModule<object, LeadArgs> {
  return {
    command: 'erase <id>',
    describe: "Take the visitor's data away for good",
    builder: (parser) => (parser as Argv<Shared>).positional('id', { type: 'string', demandOption: true }),
    async handler({ url, json, id }) {
      const answer = await createDeployment(url, terminal, send).delete(pathOf(id));
      const erased = readErased(answer);
      terminal.print(json ? JSON.stringify(answer, null, 2) : `erased ${erased.id}`);
    },
  };
}

function pathOf(id: string): string {
  return `/api/leads/${encodeURIComponent(id)}`;
}
