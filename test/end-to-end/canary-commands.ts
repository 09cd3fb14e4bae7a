import { run } from '../cli/set-up.ts';

/** Every command of the command line, such as `leads list`, as its own help names them. */
export async function listCommands(group: string[] = []): Promise<string[]> {
  const { stderr } = await run(group, {});
  const beginning = ['ringback', ...group, ''].join(' ');
  const named = stderr
    .split('\n')
    .filter((line) => line.startsWith(`  ${beginning}`))
    .flatMap((line) => line.trim().slice(beginning.length).split(/ /)[0] ?? [])
    .filter((name) => /^[a-z]/.test(name));
  const leaves = await Promise.all(
    [...new Set(named)].map(async (name) => {
      const inner = isGroup(name) ? await listCommands([name]) : [];
      return inner.length > 0 ? inner : [[...group, name].join(' ')];
    }),
  );
  return leaves.flat();
}

const isGroup = (name: string) => ['leads', 'secrets', 'stats'].includes(name);
