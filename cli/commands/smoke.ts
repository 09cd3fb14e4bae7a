import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { CommandModule } from 'yargs';
import * as z from 'zod';
import { loadConfig } from '#shared/config/load-config.ts';
import { tryParseJson } from '#shared/http/json.ts';
import { send } from '#shared/http/send.ts';
import { rehearsalId } from '#shared/lead/rehearsal.ts';
import { createDeployment, type Deployment } from '../deployment.ts';
import { readErased, readLead, type ShownLead } from '../lead-answer.ts';
import { CommandError, type Terminal } from '../terminal.ts';

type Args = { url: string | undefined; form: string };

const patienceMs = 60_000;
const pollMs = 1_000;
const acceptedSchema = z.object({ ok: z.literal(true), id: z.string() });

/** `ringback smoke`: sends a form that only rehearses, all the way through a running deployment, and erases it again. */
export function smokeCommand(terminal: Terminal): CommandModule<object, Args> {
  return {
    command: 'smoke',
    describe: 'Send a rehearsal through a running deployment: everything but the call to the provider',
    builder: (parser) =>
      parser
        .option('url', { type: 'string', requiresArg: true, describe: 'The deployment; the local one unless given' })
        .option('form', { type: 'string', requiresArg: true, default: 'smoke', describe: 'A form with rehearse: true' })
        .example('$0 smoke --url https://…', 'After a deploy'),
    handler: (args) => smoke(args, terminal),
  };
}

async function smoke({ url, form }: Args, terminal: Terminal): Promise<void> {
  const { forms } = await loadConfig(terminal.env['RINGBACK_CONFIG']);
  if (forms[form]?.rehearse !== true) {
    throw new CommandError(`The config needs a form "${form}" with rehearse: true, or a phone might ring.`);
  }
  const deployment = createDeployment(url, terminal, send);
  const id = await sendForm(deployment.origin, form);
  const lead = await waitForEnd(deployment, id);
  readErased(await deployment.delete(`/api/leads/${id}`));
  const wrong = lead.deliveries.filter(({ state, providerId }) => state !== 'PLACED' || providerId !== rehearsalId);
  const words = lead.deliveries.map(({ account, state, reason }) => `${account} ${state} (${reason ?? ''})`).join(', ');
  if (lead.state !== 'done' || wrong.length > 0) throw new CommandError(`The rehearsal did not get through: ${words}`);
  terminal.print(`ok   rehearsal: ${words}`);
}

/** A number of its own each time, so that no limit for one phone stands in the way. No provider gets to see it. */
async function sendForm(origin: string, form: string): Promise<string> {
  const phone = `+7916${String(randomInt(10_000_000)).padStart(7, '0')}`;
  const { status, text } = await send({
    method: 'POST',
    url: `${origin}/f/${form}`,
    headers: { 'content-type': 'application/json', accept: 'application/json', 'idempotency-key': randomUUID() },
    body: JSON.stringify({ phone, name: 'Rehearsal' }),
    timeoutMs: 30_000,
    maxBytes: 64 * 1024,
  });
  const accepted = acceptedSchema.safeParse(tryParseJson(text));
  if (status === 202 && accepted.success) return accepted.data.id;
  throw new CommandError(`${origin} did not take the form: HTTP ${status}`);
}

async function waitForEnd(deployment: Deployment, id: string): Promise<ShownLead> {
  const deadline = Date.now() + patienceMs;
  while (true) {
    const lead = readLead(await deployment.get(`/api/leads/${id}`));
    if (lead.state !== 'open' || Date.now() > deadline) return lead;
    await wait(pollMs);
  }
}
