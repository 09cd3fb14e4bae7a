import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Fault } from '#shared/errors.ts';
import type { Connection, Order, Placed } from '#shared/providers/provider.ts';
import { testMethods } from './methods.ts';
import { long, redirectTo, unreadable, widgetDisabled } from './odd-answers.ts';
import { noon, openWorld, order, quoteAll, type Subject, type World } from './world.ts';

type Expectations = Subject & {
  /** Parameters of a method beyond those that its row of the table requires, or in place of them. */
  params?: Record<string, Record<string, unknown>>;
  /** Values of the account that no error, log or address of an order may hold. */
  secrets: string[];
  /** What a success looks like that gives the order this id; without one any 2xx is a success and its body does not matter. */
  success?: { call?: (id: string) => string; track?: (id: string) => string };
  /** Faults that differ from `unknown`, of answers that the provider alone documents. */
  faults?: { disabled?: Fault; redirect?: Fault };
};

const kinds = { call: 'placeCall', track: 'trackLead' } as const;
type Kind = keyof typeof kinds;

/** The contract of all providers, against a simulator over real HTTP: each provider's test file calls this. */
export function testProvider(subject: Expectations): void {
  describe(subject.provider.name, () => {
    testMethods(subject);
    const { canCall, canTrack } = subject.provider;
    const account =
      typeof subject.account === 'function' ? subject.account('https://receiver.example') : subject.account;
    if (canCall(account)) describe('a call', () => testOrders(subject, 'call'));
    if (canTrack(account)) describe('a copy', () => testOrders(subject, 'track'));
    if (canCall(account)) describe('finding calls', () => testFinding(subject));
  });
}

function testOrders(subject: Expectations, kind: Kind): void {
  const { success, faults = {} } = subject;
  const world = withWorld(subject);
  const send = (connection: Connection = world().connection, changes: Partial<Order> = {}): Promise<Placed> => {
    const place = connection[kinds[kind]];
    if (place === undefined) throw new Error(`the account has no ${kinds[kind]}`);
    return place({ ...order, ...changes });
  };
  const fails = async (expected: { fault: Fault } & Record<string, unknown>, connection?: Connection) => {
    const error: unknown = await send(connection).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'ProviderError', provider: subject.provider.name, ...expected });
    tellsNothing(error);
  };
  const tellsNothing = (error: unknown) => {
    const told = inspect(error, { depth: null, showHidden: true });
    for (const word of [...subject.secrets, ...personal]) expect(told).not.toContain(word);
  };

  test('is taken, and its address names neither secret nor person', async () => {
    const { providerId } = await send();
    expect(providerId).not.toBe('');
    expect(world().requests.length).toBeGreaterThan(0);
    for (const { text } of world().requests)
      for (const word of [...subject.secrets, ...personal, encodeURIComponent(order.name ?? '')])
        expect(text).not.toContain(word);
  });

  test('was not sent when the name is not known, nobody listens or there is no TLS', async () => {
    const { origin, connectTo, close } = world();
    await fails({ fault: 'passing' }, connectTo('https://nowhere.invalid'));
    await fails({ fault: 'passing' }, connectTo(origin.replace('http:', 'https:')));
    await close();
    await fails({ fault: 'passing' });
  });

  test('may be sent again after 429, when the provider says so', async () => {
    world().fail('too-many');
    await fails({ fault: 'passing', status: 429, retryAfterSeconds: 1 });
    await expect(send()).resolves.toMatchObject({ providerId: expect.any(String) });
  });

  test.each(['hang-before', 'hang-after', 'reset-before', 'reset-after', 'error-before', 'error-after'] as const)(
    'leaves open what became of it after %s',
    async (fault) => {
      waitBriefly();
      world().fail(fault);
      await fails({ fault: 'unknown' });
    },
  );

  test.each(Object.entries(unreadable))('is proved by no answer like %s', async (_what, answer) => {
    world().answerNext(answer);
    if (success === undefined) await expect(send()).resolves.toBeDefined();
    else await fails({ fault: 'unknown' });
  });

  test.each([
    ['of 5 MB', 80],
    ['without an end', Number.POSITIVE_INFINITY],
  ])('is not proved by an answer %s, which is not read to its end', async (_what, chunks) => {
    world().answerNext(long(chunks));
    await fails({ fault: 'unknown' });
  });

  test('does not follow a redirect', async () => {
    world().answerNext(redirectTo(`${world().origin}/elsewhere`));
    await fails({ fault: faults.redirect ?? 'unknown' });
    expect(world().requests.filter(({ path }) => path === '/elsewhere')).toEqual([]);
  });

  test('understands the status 710', async () => {
    world().answerNext(widgetDisabled);
    await fails({ fault: faults.disabled ?? 'unknown', status: 710 });
  });

  test('is refused without a word of what was sent', async () => {
    world().answerNext(quoteAll);
    const error: unknown = await send().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'ProviderError' });
    tellsNothing(error);
  });

  const answerWith = success?.[kind];
  if (answerWith === undefined) return;
  test('keeps all digits of the id that it is given', async () => {
    const id = '90071992547409931';
    world().answerNext((request, response) => {
      request.resume();
      response.end(answerWith(id));
    });
    expect(await send()).toEqual({ providerId: id });
  });
}

function testFinding(subject: Expectations): void {
  const world = withWorld(subject);
  const window = { phone: order.phone, from: noon - 1_000, to: noon + 60_000 };
  const lag = 30_000;

  test('finds what was placed, once the list has caught up', async () => {
    const { connection, simulator, time } = world();
    simulator.setListLag(lag);
    const placed = await connection.placeCall?.(order);
    expect(await connection.findCalls?.(window)).toEqual([]);
    time.now += 2 * lag;
    expect(await connection.findCalls?.(window)).toEqual([
      { ...placed, phone: order.phone, orderedAt: expect.any(Number) },
    ]);
    expect(await connection.findCalls?.({ ...window, phone: '+79161112244' })).toEqual([]);
    expect(await connection.findCalls?.({ ...window, from: noon + lag, to: time.now })).toEqual([]);
  });

  test.each([
    ['before', 0],
    ['after', 1],
  ] as const)('tells what became of an order that was lost %s it was acted upon', async (moment, calls) => {
    const { connection, fail, time } = world();
    fail(`reset-${moment}`);
    await expect(connection.placeCall?.(order)).rejects.toMatchObject({ fault: 'unknown' });
    time.now += lag;
    expect(await connection.findCalls?.(window)).toHaveLength(calls);
  });

  test.each(['html', 'error-before', 'reset-before'] as const)('is no empty list after %s', async (fault) => {
    const { connection, fail } = world();
    fail(fault);
    await expect(connection.findCalls?.(window)).rejects.toMatchObject({ name: 'ProviderError', fault: 'unknown' });
  });
}

const personal = ['9161112233', '111-22-33', 'Аполлинария', 'apollinaria', '192.0.2.77', 'Canary', 'orchard'];

/** Gives up an answer that hangs after half a second, whatever the provider's own limit is. */
function waitBriefly(): void {
  const { timeout } = AbortSignal;
  vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => timeout.call(AbortSignal, 500));
}

/** A world of its own for each test. */
function withWorld(subject: Subject): () => World {
  let world: World | undefined;
  beforeEach(async () => {
    world = await openWorld(subject);
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await world?.close();
  });
  return () => {
    if (world === undefined) throw new Error('the world is there within a test only');
    return world;
  };
}
