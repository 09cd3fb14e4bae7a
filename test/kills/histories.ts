import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { readCallJournal } from '../../infra/local/call-journal.ts';
import type { CheckedLead, Ring } from '../simulation/checker.ts';
import { pageIn } from '../simulation/scenario.ts';

/** All leads of a form, as the operator's API lists them. */
export async function readLeads(origin: string, form: string): Promise<CheckedLead[]> {
  const leads: CheckedLead[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const query = new URLSearchParams({ form, ...(cursor === '' ? {} : { cursor }) });
    const response = await fetchPage(`${origin}/api/leads?${query}`);
    const page = (await response.json()) as { leads: CheckedLead[]; cursor: string | null };
    leads.push(...page.leads);
    cursor = page.cursor;
  }
  return leads;
}

/** A list that was cut off by the last kill is asked for again. */
async function fetchPage(url: string, triesLeft = 5): Promise<Response> {
  const response = await fetch(url, { headers: { authorization: 'Bearer local' } });
  if (response.ok) return response;
  if (triesLeft === 0) throw new Error(`the list of leads was answered with ${response.status}`);
  await wait(1_000);
  return fetchPage(url, triesLeft - 1);
}

/** Which phones have rung, by what the simulated providers have written down. Nobody releases a call here, so that no attempt is another's better. */
export async function readRings(dataFolder: string): Promise<Ring[]> {
  const folder = join(dataFolder, 'simulators');
  const files = await readdir(folder);
  return files
    .flatMap((file) => readCallJournal(join(folder, file)))
    .map(({ id, params }) => ({ callId: id, page: pageIn(params), attempt: 0 }));
}
