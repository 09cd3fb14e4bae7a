import { readdir, readFile } from 'node:fs/promises';
import type { Provider } from '#shared/providers/provider.ts';
import { providers } from '#shared/providers/registry.ts';

/** Where docs/providers.md lies. */
export const pagePath = 'docs/providers.md';

const heads = ['provider', 'the document’s method', 'client function', 'command line', 'required', 'covered by'];

const introduction = `# Every method of the providers

<!-- Written by \`npm run docs\` from the method tables of the code: change those, not this page. -->

The providers' documents in one table, read from the very tables that the clients in \`shared/providers/*/\` are made of. A parameter in a path
(\`:siteId\`) is a key of the JSON like any other. The account fills in its keys, and its site where Calltouch wants one.

    npm run -s ringback -- call <account> <method> --json '{…}'

The tests of the last column are those in \`test/shared/providers/<provider>/\` that call the method, and \`every-method\` in \`test/cli/\`, which
calls it by the command line. All methods are also under the contract of all providers in \`test/contracts/\`: each goes out as its row
says, and a missing parameter is named.
`;

/** docs/providers.md as the method tables of the code and the tests have it. */
export async function providersPage(): Promise<string> {
  const rows = await Promise.all(providers.map(rowsOf));
  return `${introduction}\n${table([heads, ...rows.flat()])}\n`;
}

async function rowsOf(provider: Provider): Promise<string[][]> {
  const tests = await testsOf(provider);
  return provider.methods.map(({ name, verb, path, required }) => [
    provider.name,
    `\`${verb} ${path}\``,
    `\`client.${name}\``,
    `\`call <account> ${name}\``,
    required.map((parameter) => `\`${parameter}\``).join(', '),
    tests.get(name)?.join(', ') ?? '',
  ]);
}

/** The names of the test files that call a method, by the method's name. */
export async function testsOf({ name: provider, methods }: Provider): Promise<Map<string, string[]>> {
  const folder = `test/shared/providers/${provider}`;
  const own = (await readdir(folder)).filter((file) => file.endsWith('.test.ts')).map((file) => `${folder}/${file}`);
  const files = [...own.sort(), 'test/cli/every-method.test.ts'];
  const sources = await Promise.all(files.map(async (file) => ({ file, source: await readFile(file, 'utf8') })));
  return new Map(
    methods.map(({ name }) => {
      // `invoke('tag', …)`, `call('main', 'tag', …)`, but not a test or a group of tests of that name.
      const use = new RegExp(`(?<!\\b(?:test|describe))\\(\\s*(?:'[\\w-]+', )?'${name}'[,)]`);
      const using = sources.filter(({ source }) => use.test(source));
      return [name, using.map(({ file }) => file.replace(/^.*\/(.*)\.test\.ts$/, '$1'))];
    }),
  );
}

function table(rows: string[][]): string {
  const widths = heads.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const rule = widths.map((width) => '-'.repeat(width));
  return rows
    .toSpliced(1, 0, rule)
    .map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`)
    .join('\n');
}
