import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pageIn } from '../simulation/scenario.ts';

type LeadAnswer = {
  id: string;
  state: string;
  attribution: { current_page?: string };
  deliveries: { kind: string; state: string; attempts: number }[];
};

/** All leads of a form, as the operator's API lists them. */
export async function readLeads(origin: string, form: string): Promise<LeadAnswer[]> {
  const leads: LeadAnswer[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const query = new URLSearchParams({ form, ...(cursor === '' ? {} : { cursor }) });
    const response = await fetchPage(`${origin}/api/leads?${query}`);
    const page = (await response.json()) as { leads: LeadAnswer[]; cursor: string | null };
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

/** How often each page's phone has rung, by what the simulated providers have written down. */
export async function readRings(dataFolder: string): Promise<Map<string, number>> {
  const folder = join(dataFolder, 'simulators');
  const rings = new Map<string, number>();
  for (const file of await readdir(folder)) {
    for (const line of (await readFile(join(folder, file), 'utf8')).split('\n')) {
      if (line === '') continue;
      const { params } = JSON.parse(line) as { params: Record<string, string> };
      const page = pageIn(params);
      rings.set(page, (rings.get(page) ?? 0) + 1);
    }
  }
  return rings;
}

/** Acknowledged leads by page, with what the histories say of them. */
export function judge(acknowledged: Map<string, string>, leads: LeadAnswer[], rings: Map<string, number>) {
  const byId = new Map(leads.map((lead) => [lead.id, lead]));
  const lost: string[] = [];
  const double = [...rings].filter(([, times]) => times > 1).map(([page, times]) => `${page} rang ${times} times`);
  let held = 0;
  let open = 0;
  for (const [page, id] of acknowledged) {
    const state = byId.get(id)?.deliveries[0]?.state ?? 'nowhere';
    const times = rings.get(page) ?? 0;
    if (state === 'HELD' || state === 'EXPIRED') held++;
    else if (['READY', 'CALLING', 'UNKNOWN'].includes(state)) open++;
    else if (state !== 'PLACED' || times === 0) lost.push(`${page} is ${state} and rang ${times} times`);
  }
  return { lost, double, held, open };
}
