import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listen } from '../support/listen.ts';
import { run } from './set-up.ts';

/** A deployment with no leads and one day of calls, whose file holds this. */
async function startDeployment(content: string) {
  const file = { key: 'calls/a-day.ndjson', format: 'ndjson', bytes: Buffer.byteLength(content) };
  const day = { dataSet: 'calls', provider: 'callkeeper', account: 'main', date: '2026-11-22', records: 1 };
  const answers: Record<string, object> = {
    '/api/leads': { leads: [], cursor: null },
    '/api/stats/days': { days: [{ ...day, files: [file] }], cursor: null },
    '/api/stats/file': { content: Buffer.from(content).toString('base64') },
  };
  const server = createServer((request, response) => {
    response.end(JSON.stringify(answers[new URL(request.url ?? '', 'http://any').pathname]));
  });
  return listen(server);
}

async function report(content: string, out: string) {
  const { origin, close } = await startDeployment(content);
  const result = await run(['report', '--url', origin, '--out', out], {});
  await close();
  return result;
}

test('a file that is cut off is named, and nothing of it is told', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ringback-report-'));
  const { code, stdout, stderr } = await report('{"phone": "+79165550199", "sta', join(folder, 'report.html'));
  expect({ code, stdout, files: await readdir(folder) }).toEqual({ code: 1, stdout: '', files: [] });
  expect(stderr).toBe('The file calls/a-day.ndjson is broken: pull its day anew (ringback stats pull).\n');
  await rm(folder, { recursive: true });
});

test('a folder that is not there is named, without a stack', async () => {
  const { code, stderr } = await report('', '/no/such/folder/report.html');
  expect(code).toBe(1);
  expect(stderr).toBe("ENOENT: no such file or directory, open '/no/such/folder/report.html'\n");
});
