import type { PhpParams } from '../php-params.ts';
import { noWidget, Refusal } from './refusal.ts';

/** A widget that calls can be ordered from. */
export type Widget = { account: string; apiak: string; disabled: boolean; offices: string[] };

export type Widgets = {
  /** The widget that an order names. Throws Refusal for keys that are missing, wrong or do not belong together. */
  ofOrder(params: PhpParams, address: string): Widget;
  /** The accounts that a key opens, refused with `wrongKey` when there is none. */
  accountsOf(key: string | PhpParams | undefined, address: string, wrongKey: Refusal): string[];
  create(widget: { account: string; apiak: string; whash: string; office: string }): void;
  remove(whash: string, apiak: string): void;
};

const defaultOffices = ['74950000000', '74950000001'];
const missing = (key: string) => new Refusal(400, `Key '${key}' is not defined!`);
const wrongPair = () => new Refusal(424, 'Wrong pair whash or walias and apiak!');
export const wrongKey = () => new Refusal(403, 'Not the correct key api');

/**
 * Keys and widgets of the accounts. Two settings only a simulated account has:
 * `disabled: true` for a widget switched off, `hosts: […]` for the only addresses that may call.
 */
export function createWidgets(accounts: Record<string, Record<string, unknown>>): Widgets {
  const widgets = new Map<string, Widget>();
  for (const [account, { apiak, whash, walias, disabled }] of Object.entries(accounts)) {
    const widget = { account, apiak: String(apiak), disabled: disabled === true, offices: defaultOffices };
    for (const key of [whash, walias]) if (key !== undefined) widgets.set(String(key), widget);
  }

  function accountsOf(key: string | PhpParams | undefined, address: string, wrong: Refusal): string[] {
    if (key === undefined || key === '') throw missing('apiak');
    const found = Object.entries(accounts).filter(([, { apiak }]) => String(apiak) === key);
    if (found.length === 0) throw isHash(key) ? wrong : badHash();
    const isBarred = found.some(([, { hosts }]) => Array.isArray(hosts) && !hosts.includes(address));
    if (isBarred) throw new Refusal(401, 'Unauthorized host!');
    return found.map(([id]) => id);
  }

  return {
    accountsOf,
    ofOrder({ unique, apiak, whash, walias }, address) {
      if (unique === undefined || unique === '') throw missing('unique');
      accountsOf(apiak, address, wrongKey());
      const key = whash ?? walias;
      if (key === undefined || key === '') throw noWidget();
      const widget = widgets.get(String(key));
      if (widget === undefined && whash !== undefined && !isHash(whash)) throw badHash();
      if (widget === undefined || widget.apiak !== apiak) throw wrongPair();
      if (widget.disabled) throw new Refusal(710, 'The widget is disabled');
      return widget;
    },
    create({ account, apiak, whash, office }) {
      widgets.set(whash, { account, apiak, disabled: false, offices: [office] });
    },
    remove(whash, apiak) {
      if (widgets.get(whash)?.apiak !== apiak) throw wrongPair();
      widgets.delete(whash);
    },
  };
}

function isHash(key: string | PhpParams): boolean {
  return typeof key === 'string' && /^[0-9a-f]{32}$/i.test(key);
}

function badHash(): Refusal {
  return new Refusal(417, 'Apiak or Hash shorter or longer then was required or not hexadecimal');
}
