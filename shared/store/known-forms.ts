import type { NewNonce } from '../ports.ts';
import { change } from './change.ts';
import type { Row, Table } from './table.ts';

/** Every form that this deployment ever had, for leads outlive the forms that they came by. */
export type KnownForms = {
  remember(forms: string[]): Promise<void>;
  all(): Promise<string[]>;
};

const pk = 'forms';

/** One row of names: there are as many as the config ever had. */
export function createKnownForms(ports: { table: Table; newNonce: NewNonce }): KnownForms {
  return {
    async remember(forms) {
      await change<string[]>(ports, pk, (known = []) =>
        forms.every((form) => known.includes(form)) ? undefined : { value: [...new Set([...known, ...forms])].sort() },
      );
    },
    async all() {
      return ((await ports.table.get(pk)) as Row<string[]> | undefined)?.value ?? [];
    },
  };
}
