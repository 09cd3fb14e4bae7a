import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { environments, type FunctionName } from '#shared/config/environment.ts';
import { bundleFunctions } from '../../infra/bundle.ts';
import { config } from './synthesized.ts';

const names = Object.keys(environments) as FunctionName[];
const variables = {
  AWS_REGION: 'eu-central-1',
  STACK: 'ringback-dev',
  TABLE_NAME: 'leads',
  QUEUE_URLS: '{}',
  SECRETS_PREFIX: '/ringback/dev/',
  PROVIDER: 'callkeeper',
  BUCKET_NAME: 'stats',
  PULL_QUEUE_URL: 'https://sqs.example/pulls',
  PULL_QUEUE_URLS: '{}',
  CAPTCHA_ORIGINS: '{"turnstile":"https://a.example","smartcaptcha":"https://b.example"}',
};

/** Loads a bundle in a process of its own, as Lambda does; resolves with the type of its `handler`. */
async function load(file: string, env: Record<string, string>): Promise<string> {
  const script = `console.log(typeof require(${JSON.stringify(file)}).handler)`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { env, cwd: tmpdir() });
  return stdout.trim();
}

async function readSources(folder: string): Promise<string[]> {
  const paths = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith('.ts'));
  return Promise.all(paths.map((path) => readFile(join(folder, path), 'utf8')));
}

let outDir: string;
let folders: Record<FunctionName, string>;

beforeAll(async () => {
  outDir = await mkdtemp(join(tmpdir(), 'ringback-bundle-'));
  folders = await bundleFunctions(names, config, outDir);
});
afterAll(() => rm(outDir, { recursive: true, force: true }));

test('no code tells errors of AWS by a class that the bundles leave out', async () => {
  const sources = await Promise.all(['shared', 'functions'].map(readSources));
  const imported = sources
    .flat()
    .flatMap((source) =>
      [...source.matchAll(/import \{([^}]+)\} from '@aws-sdk\/client-/g)].flatMap(([, names = '']) => names.split(',')),
    );
  const values = imported.map((name) => name.trim()).filter((name) => name !== '' && !name.startsWith('type '));
  expect(values).toContain('DynamoDBServiceException');
  expect(values.filter((name) => !/(Command|Client|ServiceException)$/.test(name))).toEqual([]);
});

describe.each(names)('the bundle of %s', (name) => {
  let file: string;

  beforeAll(() => {
    file = join(folders[name], 'index.cjs');
  });

  test('is one file, with its source map elsewhere', async () => {
    expect(await readdir(join(outDir, 'bundles', name))).toEqual(['index.cjs']);
    expect(await readFile(file, 'utf8')).not.toContain('sourceMappingURL');
    const map = JSON.parse(await readFile(join(outDir, 'maps', `${name}.cjs.map`), 'utf8'));
    expect(map.sources.some((source: string) => source.endsWith(`functions/${name}/handler.ts`))).toBe(true);
  });

  test('starts with nothing installed beside it', async () => {
    expect(await load(file, variables)).toBe('function');
  });

  if (name === 'serve-console') {
    test('carries the page, with its script and style as files of their own', async () => {
      const { handler } = await import(pathToFileURL(file).href);
      const get = async (name?: string) => (await handler({ pathParameters: name && { file: name } })).body;
      expect(await get()).toMatch(/<script type="module" src="\/console\/console\.js"><\/script>/);
      expect(await get()).not.toMatch(/<style|<script>| style=| on\w+=/);
      expect(await get('console.js')).toContain('sessionStorage');
      expect(await get('console.css')).toContain('color-scheme');
    });
  } else if (name === 'serve-helper') {
    test("carries the pages' script, which knows what forms want a stamp", async () => {
      const { handler } = await import(pathToFileURL(file).href);
      const { body } = await handler({ headers: {} });
      expect(body).toContain('["order"]');
      expect(() => new Function(body)).not.toThrow();
    });
  } else {
    test('does not start with a bad setting, and names it', async () => {
      await expect(load(file, { ...variables, TABLE_NAME: '' })).rejects.toThrow('bad environment: TABLE_NAME');
    });

    test('carries the config', async () => {
      expect(await readFile(file, 'utf8')).toContain('https://acme.example');
    });
  }

  test('is small enough to start fast', async () => {
    expect((await stat(file)).size).toBeLessThan(1_000_000);
  });
});
