import { expect, test } from 'vitest';
import { createKnownForms } from '#shared/store/known-forms.ts';
import { describeOnBothTables } from './tables.ts';

describeOnBothTables('the forms that are known', (table) => {
  test('are all that there ever were, each once, whoever is faster', async () => {
    let nonces = 0;
    const forms = createKnownForms({ table: table(), newNonce: () => `nonce-${nonces++}` });
    expect(await forms.all()).toEqual([]);
    await Promise.all([forms.remember(['order', 'callback']), forms.remember(['callback', 'smoke'])]);
    await forms.remember(['callback']);
    expect(await forms.all()).toEqual(['callback', 'order', 'smoke']);
  });
});
