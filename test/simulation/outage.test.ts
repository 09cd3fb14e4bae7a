import { beforeAll, describe, expect, test } from 'vitest';
import { leadState } from '#shared/lead/lead.ts';
import { check, type History } from './checker.ts';
import type { Deployment } from './deployment.ts';
import type { Platform } from './platform.ts';
import { outageEnd, playOutage, type Request } from './play-outage.ts';

const second = 1_000;

function peakPerSecond(requests: Request[]): number {
  const perSecond = Map.groupBy(requests, ({ at }) => Math.floor(at / second));
  return Math.max(...[...perSecond.values()].map((same) => same.length));
}

describe.each([
  ['refused', 'EXPIRED', 'ExpiredDeliveries'],
  ['error-before', 'HELD', 'HeldDeliveries'],
] as const)('six hours in which every request is %s', (fault, end, metric) => {
  let deployment: Deployment;
  let platform: Platform;
  let requests: Request[];
  let alarms: string[];
  let histories: History[];
  beforeAll(async () => {
    ({ deployment, platform, requests, alarms, histories } = await playOutage(fault));
  });
  const calls = () => deployment.leads().flatMap((lead) => lead.deliveries.filter(({ kind }) => kind === 'call'));
  const copies = () => deployment.leads().flatMap((lead) => lead.deliveries.filter(({ kind }) => kind === 'track'));

  test('lose nothing and ring nobody twice', () => {
    const { lost, double, unfinished, unexpected } = check(histories, deployment.leads(), platform.rings, false);
    expect({ lost, double, unfinished, unexpected }).toEqual({ lost: [], double: [], unfinished: [], unexpected: [] });
    expect(deployment.leads().filter((lead) => leadState(lead) === 'open')).toEqual([]);
    expect(new Set(copies().map(({ state }) => state))).toEqual(new Set(['PLACED']));
  });

  test(`leave calls that come too late ${end}, each with the alarm of its metric`, () => {
    const waiting = calls().filter(({ state }) => state === end);
    expect(waiting.length).toBeGreaterThan(150);
    expect(alarms.filter((line) => line.includes(`"${metric}":1`))).toHaveLength(waiting.length);
    expect(new Set(calls().map(({ state }) => state))).toEqual(new Set([end, 'PLACED']));
  });

  test('cost each delivery no more attempts than its schedule has', () => {
    // 3 s, 10 s, 30 s, 1 min, 2 min, then every 5 min for half an hour; a copy waits up to an hour between two.
    expect(Math.max(...calls().map(({ attempts }) => attempts))).toBeLessThanOrEqual(12);
    expect(Math.max(...copies().map(({ attempts }) => attempts))).toBeLessThanOrEqual(17);
  });

  test('do not end in a flood', () => {
    const after = requests.filter(({ at }) => at >= outageEnd);
    expect(after.length).toBeGreaterThan(200);
    expect(peakPerSecond(after.filter(({ provider }) => provider === 'callkeeper'))).toBeLessThanOrEqual(5);
    expect(peakPerSecond(after.filter(({ provider }) => provider === 'calltouch'))).toBeLessThanOrEqual(5);
  });
});
