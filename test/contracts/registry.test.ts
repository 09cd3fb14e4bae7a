import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { providers } from '#shared/providers/registry.ts';

type Found = {
  folders: string[];
  registered: string[] /** Test files of this folder, by name. */;
  tests: Map<string, string>;
};

function isUnderContract(name: string, tests: Found['tests']): boolean {
  return new RegExp(`testProvider\\(\\{\\s+provider: ${name},`).test(tests.get(`${name}.test.ts`) ?? '');
}

/** What a provider's folder lacks to be one, in words. */
function gaps({ folders, registered, tests }: Found): string[] {
  const lacking = folders.flatMap((name) => [
    ...(registered.includes(name) ? [] : [`${name} is not in shared/providers/registry.ts`]),
    ...(isUnderContract(name, tests) ? [] : [`test/contracts/${name}.test.ts is missing`]),
  ]);
  const strays = registered
    .filter((name) => !folders.includes(name))
    .map((name) => `${name} has no folder of its name`);
  return [...lacking, ...strays];
}

async function find(): Promise<Found> {
  const entries = await readdir('shared/providers', { withFileTypes: true });
  const files = (await readdir('test/contracts')).filter((name) => name.endsWith('.test.ts'));
  const sources = files.map(async (name) => [name, await readFile(`test/contracts/${name}`, 'utf8')] as const);
  return {
    folders: entries.filter((entry) => entry.isDirectory()).map(({ name }) => name),
    registered: providers.map(({ name }) => name),
    tests: new Map(await Promise.all(sources)),
  };
}

test('every folder is a registered provider under the contract of all providers', async () => {
  const found = await find();
  expect(found.folders.length).toBeGreaterThanOrEqual(4);
  expect(gaps(found)).toEqual([]);
});

test('a folder that is not registered, or not under the contract, is named', async () => {
  const { folders, registered, tests } = await find();
  expect(gaps({ folders: [...folders, 'telegraph'], registered, tests })).toEqual([
    'telegraph is not in shared/providers/registry.ts',
    'test/contracts/telegraph.test.ts is missing',
  ]);
  const withoutCall = new Map([...tests, ['webhook.test.ts', '// testProvider comes later']]);
  expect(gaps({ folders, registered, tests: withoutCall })).toEqual(['test/contracts/webhook.test.ts is missing']);
  expect(gaps({ folders, registered: [...registered, 'telegraph'], tests })).toEqual([
    'telegraph has no folder of its name',
  ]);
});
