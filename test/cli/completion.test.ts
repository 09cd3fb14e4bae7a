import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Providers, runProcess, startProviders } from './set-up.ts';

let providers: Providers;
beforeAll(async () => {
  providers = await startProviders();
});
afterAll(() => providers.close());

/** What the shell is offered for the last of these words. */
async function complete(words: string[], env = providers.env) {
  const result = await runProcess(['--get-yargs-completions', 'ringback', ...words], env);
  expect(result).toMatchObject({ code: 0, stderr: '' });
  return result.stdout.split('\n').filter(Boolean);
}

test.each([
  [
    ['call', ''],
    ['main', 'off', 'touch', 'pozvonim'],
  ],
  [['call', 'to'], ['touch']],
  [
    ['call', 'touch', 'r'],
    ['register', 'requests'],
  ],
])('%j', async (words, names) => {
  expect(await complete(words)).toEqual(names);
});

test('commands, providers and options', async () => {
  expect(await complete([''])).toEqual(expect.arrayContaining(['call', 'methods', 'doctor', 'leads']));
  expect(await complete(['methods', ''])).toEqual(expect.arrayContaining(['callkeeper', 'calltouch', 'pozvonim']));
  expect(await complete(['leads', 'list', '--'])).toEqual(expect.arrayContaining(['--form', '--state', '--url']));
});

test('a broken config is no reason to disturb a person who types', async () => {
  expect(await complete(['call', ''], { RINGBACK_CONFIG: '/nowhere/config.json' })).toEqual([]);
});

test('the script that a shell reads calls ringback', async () => {
  const { code, stdout } = await runProcess(['completion']);
  expect(code).toBe(0);
  expect(stdout).toContain('ringback --get-yargs-completions');
  expect(stdout).toContain('complete -o bashdefault -o default -F _ringback_yargs_completions ringback');
});
