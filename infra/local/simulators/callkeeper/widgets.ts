import { createHash } from 'node:crypto';
import type { PhpParams } from '../php-params.ts';
import { checkHours, phoneDigits } from './call-params.ts';
import { wrongKey } from './keys.ts';
import { readPeriod } from './period.ts';
import { noPhone, notEnough, noWidget } from './refusal.ts';
import type { Handler, State } from './state.ts';

/** The methods that take the key as apiak. The documents leave their answers open: these are made up. */
export function widgetMethods({ widgets, tags, calls, random }: State): Record<string, Handler> {
  const accountsOf = ({ apiak }: PhpParams, address: string) => widgets.accountsOf(apiak, address, wrongKey());

  return {
    createWidget(params, address) {
      const [account = ''] = accountsOf(params, address);
      const { apiak, phone, phoneadd, schedule, gmt } = params;
      const digits = typeof phone === 'string' ? phoneDigits(phone) : undefined;
      if (digits === undefined) throw noPhone();
      checkHours(schedule, gmt);
      const whash = createHash('md5').update(`${account} ${random()}`).digest('hex');
      widgets.create({ account, apiak: String(apiak), whash, office: phoneadd ? `${digits}^${phoneadd}` : digits });
      return { status: 'success', whash };
    },
    deleteWidget(params, address) {
      accountsOf(params, address);
      const { apiak, whash } = params;
      if (whash === undefined || whash === '') throw noWidget();
      widgets.remove(String(whash), String(apiak));
      return { status: 'success' };
    },
    getT2C(params, address) {
      accountsOf(params, address);
      readPeriod(params);
      return { result: [] };
    },
    tag(params, address) {
      const accounts = accountsOf(params, address);
      const { action, tag, call_id } = params;
      const call = calls().find(({ id, account }) => id === call_id && accounts.includes(account));
      if (action !== 'set' || typeof tag !== 'string' || tag === '' || call === undefined) throw notEnough();
      tags.set(call.id, [...(tags.get(call.id) ?? []), tag]);
      return { status: 'success' };
    },
  };
}
