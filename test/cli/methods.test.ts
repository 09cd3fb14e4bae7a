import { expect, test } from 'vitest';
import { providers } from '#shared/providers/registry.ts';
import { run, runProcess } from './set-up.ts';

test('a line is name, verb, path with its parameters, and what is required besides', async () => {
  const { code, stdout, stderr } = await runProcess(['methods', 'pozvonim']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const lines = stdout.split('\n');
  expect(lines).toContain('getContributorSite GET /contributors/:contributorId/sites/:siteId');
  expect(lines).toContain('delayedCall POST /sites/:siteId/call/delayed phone delayed');
});

test.each(providers.map(({ name, methods }) => [name, methods.length] as const))(
  '%s: %i lines that a program can split at spaces',
  async (provider, count) => {
    const { stdout } = await run(['methods', provider], {});
    const lines = stdout.split('\n').slice(0, -1);
    expect(lines).toHaveLength(count);
    for (const line of lines) expect(line).toMatch(/^\w+ (GET|POST|PUT|DELETE) \/\S*( [\w[\]]+)*$/);
  },
);

test('another provider is refused with the names of those there are', async () => {
  const { code, stdout, stderr } = await run(['methods', 'telegraph'], {});
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('"callkeeper", "calltouch", "pozvonim"');
});
