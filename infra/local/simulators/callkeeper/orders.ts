import type { PhpParams } from '../php-params.ts';
import { type OrderedCall, phoneDigits, readCall } from './call-params.ts';
import type { Widget } from './keys.ts';
import { invalidNumber, Refusal, wrongType } from './refusal.ts';
import type { Handler, State } from './state.ts';

/** orderCall and makeCalls. */
export function orderMethods(state: State): Record<string, Handler> {
  return {
    orderCall(params, address) {
      const widget = state.widgets.ofOrder(params, address);
      return [accept(state, readCall(params), widget)];
    },
    makeCalls({ calls, ...common }, address) {
      const widget = state.widgets.ofOrder(common, address);
      if (calls === undefined || calls === '') throw new Refusal(400, "Key 'calls' is not defined!");
      if (typeof calls === 'string') throw wrongType();
      return acceptEach(state, Object.values(calls), common, widget);
    },
  };
}

/** One entry per call; refused as a whole only when not one of them could be taken. */
function acceptEach(state: State, calls: (string | PhpParams)[], common: PhpParams, widget: Widget) {
  const results = calls.map((call) => {
    if (typeof call === 'string') throw wrongType();
    try {
      return accept(state, readCall({ ...common, ...call }), widget);
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  });
  const [first] = results;
  if (first instanceof Refusal && results.every((result) => result instanceof Refusal)) throw first;
  return results.map((result) => (result instanceof Refusal ? { status: 'fail', reason: result.message } : result));
}

function accept({ clock, random, journal }: State, call: OrderedCall, widget: Widget) {
  const orderedAt = clock();
  const { unique, apiak, ...params } = call.params;
  const record = {
    id: String(random()),
    account: widget.account,
    client: call.client,
    manager: managerOf(call.manager, widget.offices),
    text: call.text,
    orderedAt,
    ringAt: Math.max(orderedAt, call.ringAt ?? orderedAt),
    params,
  };
  journal.add(record);
  return { id: record.id, manager: record.manager, client: record.client, status: 'success' };
}

/** `79999999999^_`, as the document's answer has it. Without a manager the first office takes the call. */
function managerOf(named: string, offices: string[]): string {
  const phone = /^\d{0,2}$/.test(named) ? offices[Number(named)] : named;
  if (phone === undefined) throw invalidNumber();
  const [number = '', extension = '_'] = phone.replaceAll(/[()]/g, '').split('^');
  return `${phoneDigits(number)}^${extension}`;
}
