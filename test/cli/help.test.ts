import { expect, test } from 'vitest';
import { run, runProcess } from './set-up.ts';

test.each([
  ['call', 'ringback call callkeeper orderCall'],
  ['methods', 'ringback methods callkeeper'],
  ['doctor', 'ringback doctor'],
  ['leads list', 'ringback leads list --state attention'],
  ['leads show', 'ringback leads show'],
])('the help of %s has examples', async (command, example) => {
  const { stderr } = await run([...command.split(' '), '--nonsense'], {});
  expect(stderr.slice(stderr.indexOf('Examples:'))).toContain(example);
});

test('the help of the whole says where the help of each command is, and whom it talks to unless told', async () => {
  const { stderr } = await run([], {});
  expect(stderr.replaceAll(/\s+/g, ' ')).toContain(
    'Each command has a --help of its own. RINGBACK_CONFIG names another',
  );
  const { stderr: ofCommand } = await run(['leads', '--nonsense'], {});
  expect(ofCommand).not.toContain('RINGBACK_CONFIG');
});

test('--help is no error', async () => {
  const { code, stdout, stderr } = await runProcess(['leads', 'list', '--help']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^ringback leads list\n/);
});

test.each([
  ['nothing', []],
  ['an unknown command', ['ring']],
  ['an unknown command of leads', ['leads', 'burn']],
  ['an unknown option', ['doctor', '--fast']],
  ['a word too many', ['methods', 'callkeeper', 'now']],
  ['a word too few', ['call', 'callkeeper']],
])('%s gets help on stderr, and 1', async (_name, args) => {
  const { code, stdout, stderr } = await run(args, {});
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^ringback /);
  expect(stderr).toContain('--help');
});
