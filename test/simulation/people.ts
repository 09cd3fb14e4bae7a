import type { Form } from '#shared/config/schema.ts';
import type { Lead } from '#shared/lead/lead.ts';
import type { Row } from '#shared/store/table.ts';
import { statisticsRecord } from '../../infra/local/simulators/callkeeper/record.ts';
import type { CallRecord, Simulator } from '../../infra/local/simulators/simulator.ts';
import { type History, newHistory } from './checker.ts';
import type { Deployment } from './deployment.ts';
import { accounts, formOf, forms, inputOf, pageOf, type Wish } from './scenario.ts';
import type { Random, World } from './world.ts';

const second = 1_000;
const minute = 60 * second;
const retries = 5;

/** Wishes of a few visitors; some send theirs several times, some share a phone. */
export function planVisitors(world: World, random: Random, deployment: Deployment): History[] {
  const names = Object.keys(forms);
  // Now and then one phone is wished to ring more often than it may.
  const isBusyPhone = random() < 0.15;
  const count = isBusyPhone ? 5 : 1 + Math.floor(random() * 4);
  return Array.from({ length: count }, (_, index) => {
    const isSamePhone = index > 0 && (isBusyPhone || random() < 0.2);
    const wish: Wish = {
      index,
      form: names[Math.floor(random() * names.length)] as string,
      phone: `+7916111${isSamePhone ? '1010' : `${1010 + index}`}`,
      key: isBusyPhone || isSamePhone || random() < 0.5 ? `key-${index}` : undefined,
    };
    const history = newHistory(wish);
    const copies = random() < 0.4 ? 3 : 1;
    // Sent again at once, by a double click, or when the phone has not rung for a while.
    const spread = random() < 0.5 ? 2 * second : 4 * minute;
    const firstAt = Math.floor(random() * 8 * minute);
    for (let copy = 0; copy < copies; copy++) {
      const comment = random() < 0.5 ? 'soon' : 'today';
      world.after(firstAt + (copy === 0 ? 0 : Math.floor(random() * spread)), () =>
        send(world, deployment, history, { retriesLeft: retries, comment }),
      );
    }
    return history;
  });
}

type SendOptions = { retriesLeft?: number; form?: Form; comment?: string };

/** A visitor's page sends again for a while when no answer comes, with the same key. */
export function send(
  world: World,
  deployment: Deployment,
  history: History,
  { retriesLeft = 0, form = formOf(history.wish), comment = '' }: SendOptions = {},
): void {
  const { wish, answers } = history;
  world.note(() => `visitor: sends wish ${wish.index} (${wish.form}, ${wish.phone}, ${wish.key ?? 'no key'})`);
  deployment.submit(inputOf(wish, form, comment), (id) => {
    world.note(() => `visitor: wish ${wish.index} is answered with ${id ?? 'an error'}`);
    if (id !== undefined) answers.add(id);
    if (id !== undefined || retriesLeft === 0) return;
    const options = { retriesLeft: retriesLeft - 1, form, comment };
    world.after(3 * second, () => send(world, deployment, history, options));
  });
}

/** Lists lag, and sessions are revoked. */
export function planProviders(world: World, simulators: Map<string, Simulator>, troubleMs: number): void {
  const { random } = world;
  for (const simulator of simulators.values()) {
    simulator.setListLag(random() < 0.5 ? 0 : Math.floor(random() * 100 * second));
    for (let at = 0; at < troubleMs; at += 2 * minute) {
      if (random() < 0.2) world.after(at, () => simulator.revokeTokens());
    }
  }
}

/** CallKeeper tells of a call while it lasts and after; its hooks get lost, come twice and in any order. */
export function planHooks(world: World, deployment: Deployment, call: CallRecord): void {
  if (accounts[call.account]?.provider !== 'callkeeper') return;
  for (let count = Math.floor(world.random() * 4); count > 0; count--) {
    const at = call.ringAt + Math.floor(world.random() * 2 * minute);
    const fields = statisticsRecord(call, at, []);
    world.after(at - world.now() + Math.floor(world.random() * minute), () => deployment.hook(call.account, fields));
  }
}

/** Every minute; in times of trouble now and then not at all, or twice. */
export function planSweeps(world: World, deployment: Deployment, isTrouble: () => boolean): void {
  const sweepAgain = (): void => {
    const luck = isTrouble() ? world.random() : 0.5;
    if (luck > 0.1) deployment.sweep();
    if (luck > 0.9) deployment.sweep();
    world.after(minute, sweepAgain);
  };
  world.after(minute, sweepAgain);
}

/** An operator decides about what is held: at once, or when they get round to it. */
export function planOperators(
  world: World,
  deployment: Deployment,
  histories: History[],
  isAttended: () => boolean,
): void {
  const { random } = world;
  const [everyMs, eagerness] = random() < 0.5 ? [2 * second, 0.8] : [5 * minute, 0.1];
  const erasures = random() < 0.2 ? 0.002 : 0;
  const names = Object.keys(accounts);
  const lookAgain = (): void => {
    if (!isAttended()) return;
    for (const lead of deployment.leads()) {
      const history = histories.find(({ wish }) => lead.attribution.current_page === pageOf(wish));
      const waiting = lead.deliveries.filter(({ state }) => state === 'HELD' || state === 'EXPIRED');
      if (history === undefined) continue;
      if (waiting.length > 0 && random() < eagerness) decide(world, deployment, lead, history);
      else if (random() < erasures) deployment.erase(lead.id, () => Object.assign(history, { isErased: true }));
    }
    if (random() < 0.1) deployment.releaseAccount(names[Math.floor(random() * names.length)] as string);
    world.after(everyMs, lookAgain);
  };
  world.after(everyMs, lookAgain);
}

function decide(world: World, deployment: Deployment, lead: Lead, history: History): void {
  const luck = world.random();
  const action = luck < 0.4 ? 'release' : luck < 0.7 ? 'retry' : 'cancel';
  world.note(() => `operator: ${action} ${lead.id}`);
  let isCounted = false;
  deployment.operate(lead.id, action, (row) => {
    if (action === 'release' && row.pk.startsWith('phone#')) history.isVouchedFor = true;
    const call = callIn(row);
    if (call === undefined) return;
    if (action === 'cancel') history.isCancelled = true;
    // Let go again with the claim of an attempt of which nobody knows the end; one choice lets it ring once.
    else if (call.state === 'READY' && call.claim !== null && !isCounted) {
      isCounted = true;
      history.releasedAfter.push(call.attempts);
    }
  });
}

function callIn({ pk, value }: Row) {
  return pk.startsWith('lead#') ? (value as Lead).deliveries.find(({ kind }) => kind === 'call') : undefined;
}

/** The statistics are pulled every few minutes. */
export function planPulls(world: World, deployment: Deployment): void {
  const everyMs = (2 + Math.floor(world.random() * 10)) * minute;
  const pullAgain = (): void => {
    deployment.pull();
    world.after(everyMs, pullAgain);
  };
  world.after(everyMs, pullAgain);
}
