import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { check, type History, newHistory } from '../simulation/checker.ts';
import { pageOf, type Wish } from '../simulation/scenario.ts';
import { type RunningHost, startHost } from '../support/start-host.ts';
import { childProcesses, killProcess } from './child-processes.ts';
import { formOf, killsConfig } from './config.ts';
import { readLeads, readRings } from './histories.ts';

export type KillsOptions = {
  leads: number;
  kills: number;
  /** How many of the kills hit the host and, with it, all its processes. */
  hostKills: number;
  /** How long what is under way at the end may take to come to its own, in milliseconds. */
  settleMs: number;
  log: (line: string) => void;
};

const visitors = 8;
/** A visitor is no further ahead of the kills than this many leads, so that each kill meets leads under way. */
const slack = 20;
const patienceMs = 10_000;

/** Sends leads to the local host while its processes are killed, at random moments, and holds what it has told visitors against what the phones did. */
export async function playKills({ leads, kills, hostKills, settleMs, log }: KillsOptions) {
  const root = await mkdtemp(join(tmpdir(), 'ringback-kills-'));
  const config = join(root, 'config.json');
  await writeFile(config, JSON.stringify(killsConfig));
  const settings: Record<string, string> = { RINGBACK_CONFIG: config, RINGBACK_DATA: join(root, 'data') };
  let host = await startHost(settings);
  settings['PORT'] = new URL(host.origin).port;
  const histories: History[] = [];
  const done = { leads: 0, kills: 0, hostKills: 0 };

  async function visit(): Promise<void> {
    while (done.leads < leads) {
      const index = done.leads++;
      while (index > slack + (done.kills / kills) * leads) await wait(20);
      const wish = { index, form: formOf(index), phone: `+7916${1_000_000 + index}`, key: `key-${index}` };
      let id: string | undefined;
      while (id === undefined) id = (await sendLead(host, wish)) ?? (await wait(200, undefined));
      histories.push({ ...newHistory(wish), answers: new Set([id]) });
    }
  }

  async function kill(): Promise<void> {
    const isHost = done.hostKills < Math.round((done.kills / kills) * hostKills);
    await wait(Math.random() * 500);
    // Nor do the kills run ahead of the leads, however slow the machine is.
    while (histories.length < (done.kills / kills) * leads) await wait(20);
    if (isHost) {
      await host.kill();
      host = await startHost(settings);
      done.hostKills++;
      log(`${done.kills + 1} kills, ${histories.length} leads: the host is back`);
    } else {
      const pids = await childProcesses(host.pid);
      const pid = pids[Math.floor(Math.random() * pids.length)];
      if (pid === undefined || !killProcess(pid)) return;
    }
    done.kills++;
  }

  async function judgeNow() {
    const lists = await Promise.all(Object.keys(killsConfig.forms).map((form) => readLeads(host.origin, form)));
    return check(histories, lists.flat(), await readRings(join(root, 'data')), false);
  }

  try {
    const visits = Promise.all(Array.from({ length: visitors }, visit));
    while (done.kills < kills) await kill();
    await visits;
    const end = Date.now() + settleMs;
    let verdict = await judgeNow();
    while (verdict.unfinished.length > 0 && Date.now() < end) {
      log(`${verdict.unfinished.length} leads are still under way`);
      await wait(5_000);
      verdict = await judgeNow();
    }
    return { ...verdict, ...done };
  } finally {
    await host.stop();
    await rm(root, { recursive: true, force: true });
  }
}

/** The lead's id, when the host has said that it has it. */
async function sendLead({ origin }: RunningHost, wish: Wish): Promise<string | undefined> {
  const fields = { phone: wish.phone, current_page: pageOf(wish), _key: wish.key };
  try {
    const response = await fetch(`${origin}/f/${wish.form}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(fields),
      signal: AbortSignal.timeout(patienceMs),
    });
    if (response.status >= 400 && response.status < 500)
      throw new Error(`the form was refused: ${await response.text()}`);
    return response.ok ? ((await response.json()) as { id: string }).id : undefined;
  } catch (error) {
    // The host is gone, or its answer is: the visitor's page sends the same again.
    if (error instanceof TypeError || error instanceof DOMException || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
