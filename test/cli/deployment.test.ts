import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { send } from '#shared/http/send.ts';
import { createDeployment } from '../../cli/deployment.ts';
import { listen } from '../support/listen.ts';

/** A deployment that turns so many requests away before it answers. */
async function ask(throttled: number) {
  let requests = 0;
  const server = createServer((_request, response) => {
    const isThrottled = ++requests <= throttled;
    response.writeHead(isThrottled ? 429 : 200, { 'content-type': 'application/json' });
    response.end(isThrottled ? '{"message":"Too Many Requests"}' : '{"days":[]}');
  });
  const host = await listen(server);
  try {
    return await createDeployment(host.origin, { env: {} }, send).get('/api/stats/days');
  } finally {
    await host.close();
  }
}

test('waits where a deployment takes only so many requests a second', async () => {
  expect(await ask(2)).toEqual({ days: [] });
});

test('gives up on one that turns everything away', async () => {
  await expect(ask(100)).rejects.toThrow('Too Many Requests');
});
