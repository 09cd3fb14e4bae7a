import { describe, expect, test } from 'vitest';
import { parseJson } from '#shared/http/json.ts';
import { readCallRecords, readToken } from '#shared/providers/pozvonim/wire.ts';

const hour = 3_600_000;
const margin = 5 * 60_000;

describe('a record of /calls', () => {
  test('is recognised as far as it goes, and kept as it came', () => {
    const record = {
      id: 12,
      client: 79161112233,
      phone: '74950000001',
      created_at: '2026-11-22 12:00:00',
      start_at: '2026-11-22 12:00:04',
      duration: '37',
      status: 4,
      tariff: { name: 'S' },
    };
    expect(readCallRecords([record], 'Europe/Moscow')).toEqual([
      {
        id: '12',
        client: '79161112233',
        phone: '74950000001',
        status: '4',
        durationSeconds: 37,
        createdAt: Date.UTC(2026, 10, 22, 9),
        startAt: Date.UTC(2026, 10, 22, 9, 0, 4),
        raw: record,
      },
    ]);
  });

  test('needs nothing but an id, of any length', () => {
    const answer = parseJson('[{"id": 90071992547409931, "client": null, "created_at": 5, "duration": "long"}]');
    expect(readCallRecords(answer, 'UTC')).toMatchObject([
      { id: '90071992547409931', client: undefined, createdAt: undefined, durationSeconds: undefined },
    ]);
  });
});

describe('a token', () => {
  test('is kept for four hours at most, less a margin', () => {
    const kept = { token: 't', expiresAt: 4 * hour - margin };
    for (const expire of [undefined, null, 'soon', (5 * hour) / 1000, String((5 * hour) / 1000)])
      expect(readToken({ token: 't', expire }, 0)).toEqual(kept);
  });

  test('is kept for less when the provider says so', () => {
    expect(readToken({ token: 't', expire: hour / 1000 }, 0)).toEqual({ token: 't', expiresAt: hour - margin });
  });
});
