import { afterAll, beforeAll, expect, test } from 'vitest';
import { InvalidRequestError, ProviderError } from '#shared/errors.ts';
import type { Method } from '#shared/providers/provider.ts';
import { openWorld, type Subject, type World } from './world.ts';

/** Any parameter that stands for a phone, an id or a name. */
const plain = '79161112233';

/** All rows of a provider's method table: each can be invoked, goes out as the row says, and names a parameter that is missing. */
export function testMethods(subject: Subject & { params?: Record<string, Record<string, unknown>> }): void {
  const { provider, params = {} } = subject;
  let world: World;
  beforeAll(async () => {
    world = await openWorld(subject);
  });
  afterAll(() => world.close());

  const paramsOf = ({ name, path, required }: Method) => {
    const named = [...path.matchAll(/:(\w+)/g)].map(([, field = '']) => field);
    return { ...Object.fromEntries([...named, ...required].map((field) => [field, plain])), ...params[name] };
  };

  test('has each method once', () => {
    const names = provider.methods.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(0);
  });

  test.each(provider.methods)('$name goes out as $verb $path', async (method) => {
    world.requests.length = 0;
    // What the simulator makes of these parameters is its own affair: an account of theirs may not be there.
    const outcome: unknown = await world.connection
      .invoke(method.name, paramsOf(method))
      .catch((error: unknown) => error);
    if (outcome instanceof Error) expect(outcome).toBeInstanceOf(ProviderError);
    const path = new RegExp(`${method.path.replaceAll(/:\w+/g, '[\\w-]+')}$`);
    expect(world.requests).toContainEqual(
      expect.objectContaining({ method: method.verb, path: expect.stringMatching(path) }),
    );
  });

  test.each(['no-such-method', 'toString', 'constructor', '__proto__'])('has no method "%s"', async (name) => {
    await expect(world.connection.invoke(name, {})).rejects.toMatchObject({
      name: 'InvalidRequestError',
      status: 404,
      code: 'unknown-method',
      message: `${provider.name} has no method "${name}"`,
    });
  });

  const withRequired = provider.methods.filter(({ required }) => required.length > 0);
  if (withRequired.length === 0) return;
  test('a missing parameter is named, and nothing is sent', async () => {
    world.requests.length = 0;
    for (const { name } of withRequired) {
      await expect(world.connection.invoke(name, {})).rejects.toBeInstanceOf(InvalidRequestError);
      await expect(world.connection.invoke(name, {})).rejects.toThrow(`${name}: `);
      await expect(world.connection.invoke(name, {})).rejects.toThrow(' is required');
    }
    expect(world.requests).toEqual([]);
  });
}
