import { expect, test } from 'vitest';
import { ProviderError } from '#shared/errors.ts';
import { entryRefusal, readAnswer, unreadable } from '#shared/providers/callkeeper/faults.ts';

/** "Форматы ошибок при неудачном запросе" of the REST API document, and whose fault each is. */
const documented = [
  [400, "Key 'unique' is not defined!", 'account'],
  [400, "Key 'apiak' is not defined!", 'account'],
  [400, "Key 'whash' and 'walias' are not defined!", 'account'],
  [400, "Key 'calls' is not defined!", 'account'],
  [401, 'Unauthorized host!', 'account'],
  [403, 'Not the correct key api', 'account'],
  [404, 'Mismatched request!', 'account'],
  [405, 'Unknown request method!', 'account'],
  [406, 'Wrong data type!', 'account'],
  [406, 'Date is not array', 'account'],
  [409, 'Not enough values', 'account'],
  [409, 'Invalid manager or client phone number', 'lead'],
  [409, 'Phone not provided or invalid', 'lead'],
  [412, 'Unknown user', 'account'],
  [417, 'Apiak or Hash shorter or longer then was required or not hexadecimal', 'account'],
  [424, 'Wrong pair whash or walias and apiak!', 'account'],
  [710, 'The widget is disabled', 'account'],
] as const;

function refusal(status: number, text: string, sent: unknown = {}): ProviderError {
  try {
    readAnswer({ status, headers: {}, text }, sent);
  } catch (error) {
    if (error instanceof ProviderError) return error;
    throw error;
  }
  throw new Error('it was read as an answer');
}

test.each(documented)('%i %s is the fault of the %s, in each form and with HTTP 200 too', (status, reason, fault) => {
  for (const body of [
    { status: 'fail', reason },
    { status: 'fail', error_info: [{ reason }] },
    { error_info: [{ reason }] },
  ]) {
    const text = JSON.stringify(body);
    expect(refusal(status, text)).toMatchObject({ provider: 'callkeeper', fault, status, message: reason });
    expect(refusal(200, text)).toMatchObject({ fault, status: 200, message: reason });
  }
});

test.each(["key 'UNIQUE' is not defined", ' Unauthorized host ', 'Date is not array.'])(
  'the reason %j is known in spite of its writing',
  (reason) => {
    expect(refusal(200, JSON.stringify({ status: 'fail', reason }))).toMatchObject({ fault: 'account' });
  },
);

test('status 710 says that the widget is disabled, whatever comes with it', () => {
  for (const text of ['', '<html></html>', '[]', '{"status":"fail"']) {
    expect(refusal(710, text)).toMatchObject({ fault: 'account', message: 'The widget is disabled' });
  }
});

test.each([
  ['HTML', 200, '<!doctype html><title>Sorry</title>'],
  ['nothing', 200, ''],
  ['half an answer', 200, '[{"id":"1","sta'],
  ['a bad gateway', 502, '<h1>Bad Gateway</h1>'],
  ['a server error with JSON', 500, '[{"id":"1","status":"success"}]'],
  ['a redirect', 302, ''],
  ['a proxy’s refusal', 403, '<h1>Forbidden</h1>'],
  ['a server that failed with a reason', 500, '{"status":"fail","reason":"The moon is full"}'],
  ['a refusal without a reason', 200, '{"status":"fail"}'],
])('%s leaves it open whether a call was placed', (_, status, text) => {
  expect(refusal(status, text)).toMatchObject({ fault: 'unknown', status });
});

test.each([200, 409, 402])(
  'a refusal in the documented form with a reason of its own is the account’s, under status %i',
  (status) => {
    const text = '{"status":"fail","reason":"Not enough minutes"}';
    expect(refusal(status, text)).toMatchObject({ fault: 'account', status, message: 'Not enough minutes' });
  },
);

test('of a reason that is not documented all that was sent is blotted out, and an answer that cannot be read is not repeated', () => {
  const sent = { client: '79161112233', text_to_manager: 'Call me back. Anna Petrova' };
  const quoting = [
    '{"status":"fail","reason":"79161112233 is Anna Petrova"}',
    '79161112233 is Anna Petrova',
    '{"status":"fail","reason":79161112233}',
  ];
  for (const text of quoting) {
    const error = refusal(409, text, sent);
    expect(`${error.message} ${error.stack} ${String(error.cause)}`).not.toMatch(/7916|Anna/);
  }
});

test('an answer is read without losing digits', () => {
  expect(readAnswer({ status: 200, headers: {}, text: '[{"id":12345678901234567890}]' }, {})).toEqual([
    { id: '12345678901234567890' },
  ]);
});

test.each([
  ['Invalid manager or client phone number', 'lead'],
  ['Unauthorized host!', 'account'],
  ['The moon is full', 'account'],
  [undefined, 'account'],
])('an entry refused for %j is the fault of the %s', (reason, fault) => {
  expect(entryRefusal(reason, {})).toMatchObject({ fault });
});

test('what cannot be read keeps its cause', () => {
  const cause = new Error('no list');
  expect(unreadable(200, cause)).toMatchObject({ fault: 'unknown', status: 200, cause });
});
