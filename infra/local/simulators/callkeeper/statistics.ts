import type { PhpParams } from '../php-params.ts';
import type { CallRecord } from '../simulator.ts';
import { readPeriod } from './period.ts';
import { type Progress, progressOf } from './progress.ts';
import { statisticsRecord } from './record.ts';
import { notEnough, Refusal, wrongType } from './refusal.ts';
import type { Handler, State } from './state.ts';

const paidMs = 30 * 86_400_000;

/** The methods that take the key as api_key; their answers stand under `result`, as they have been seen. */
export function statisticsMethods(state: State): Record<string, Handler> {
  const accountsOf = ({ api_key }: PhpParams, address: string) =>
    state.widgets.accountsOf(api_key, address, new Refusal(412, 'Unknown user'));

  const listed = (params: PhpParams, address: string) => {
    const accounts = accountsOf(params, address);
    const shownBefore = state.clock() - state.listLag;
    return state.calls().filter(({ account, orderedAt }) => accounts.includes(account) && orderedAt <= shownBefore);
  };

  const answer = (calls: CallRecord[]) => ({
    result: calls.map((call) => statisticsRecord(call, state.clock(), state.tags.get(call.id) ?? [])),
  });

  const inPeriod = (params: PhpParams, address: string, keep: (progress: Progress) => boolean) => {
    const calls = listed(params, address);
    const { from, to } = readPeriod(params);
    return answer(
      calls.filter((call) => call.ringAt >= from && call.ringAt <= to && keep(progressOf(call, state.clock()))),
    );
  };

  return {
    getCallsInfo: (params, address) => inPeriod(params, address, () => true),
    getCallsCompleted: (params, address) => inPeriod(params, address, ({ final }) => final),
    getCallsByStatus(params, address) {
      const { statuses } = params;
      if (statuses === undefined || statuses === '') throw notEnough();
      if (typeof statuses !== 'string') throw wrongType();
      const wanted = statuses.split(',');
      return inPeriod(params, address, ({ pair }) => wanted.includes(pair));
    },
    getCallInfo(params, address) {
      const calls = listed(params, address);
      if (params['id_call'] === undefined || params['id_call'] === '') throw notEnough();
      return answer(calls.filter(({ id }) => id === params['id_call']));
    },
    getUserInfo(params, address) {
      accountsOf(params, address);
      return [{ paid_till: new Date(state.clock() + paidMs).toISOString() }];
    },
  };
}
