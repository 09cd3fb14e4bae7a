import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { startStubProvider } from '../../bench/harness/stub-provider.ts';
import { pooled } from '../../bench/sections/way.ts';
import { acceptForms, deliverForms } from '../../bench/sections/way-load.ts';
import { listen } from '../support/listen.ts';

/** Takes every form but each third, and orders at once. */
async function startForgetfulServer() {
  const provider = await startStubProvider();
  let forms = 0;
  const server = createServer(async (request, response) => {
    const { phone } = JSON.parse(await text(request));
    const isTaken = ++forms % 3 > 0;
    if (isTaken) await fetch(provider.origin, { method: 'POST', body: `client=${phone.slice(1)}` });
    response.writeHead(isTaken ? 202 : 503).end();
  });
  const { origin, close } = await listen(server);
  onTestFinished(async () => {
    await close();
    await provider.close();
  });
  return { provider, server: { origin, stop: close } };
}

test('forms at a steady rate that are refused are counted, and the others measured', async () => {
  const { server, provider } = await startForgetfulServer();
  const { tookMs, failed } = await deliverForms(server, provider, 90, 0.1);
  expect({ measured: tookMs.length, failed }).toEqual({ measured: 6, failed: 3 });
  expect(tookMs.every((ms) => ms > 0)).toBe(true);
});

test('forms that connections send one after the other are counted too', async () => {
  const { server, provider } = await startForgetfulServer();
  const { tookMs, failed } = await acceptForms(server, provider, 2, 0.1);
  expect(failed).toBe(Math.floor((tookMs.length + failed) / 3));
  expect(provider.orderedAt.size).toBe(tookMs.length);
});

test('a server that cannot be reached has accepted nothing', async () => {
  const { server, provider } = await startForgetfulServer();
  await server.stop();
  expect(await deliverForms(server, provider, 50, 0.1)).toMatchObject({ tookMs: [], failed: 5 });
});

test('percentiles are those of all rounds together, and failures their sum', () => {
  const loads = [
    { tookMs: [1, 1, 1], seconds: 1, failed: 1 },
    { tookMs: [1, 101], seconds: 1, failed: 2 },
  ];
  expect(pooled(loads)).toEqual({ p50: 1, p99: 97, failed: 3 });
});
