import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createServeHelper } from '../../../functions/serve-helper/serve-helper.ts';
import { bundleHelper } from '../../../infra/helper-script.ts';
import { configWith } from '../submit-form/fixture.ts';

const root = new URL('../../..', import.meta.url).pathname;
const script = await bundleHelper(root, configWith({ minFillSeconds: 3 }));
const serve = createServeHelper(script);

test('the script weighs less than 3 kB on its way', () => {
  expect(gzipSync(script, { level: 9 }).length).toBeLessThan(3_000);
});

test('it loads nothing, and asks nobody but the form', () => {
  expect(script).not.toMatch(/import\(|https?:\/\/|eval|innerHTML|document\.write/);
});

describe('GET /ringback.js', () => {
  test('is plain where the browser cannot unpack', () => {
    expect(serve({})).toMatchObject({
      statusCode: 200,
      headers: { 'content-type': 'text/javascript; charset=utf-8', 'access-control-allow-origin': '*' },
      body: script,
    });
  });

  test('is packed where it can, with the same words in it', () => {
    const { headers, body = '', isBase64Encoded } = serve({ 'accept-encoding': 'gzip, deflate, br' });
    expect(headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' });
    expect(isBase64Encoded).toBe(true);
    expect(gunzipSync(Buffer.from(body, 'base64')).toString()).toBe(script);
  });

  test('is kept by the browser, and asked for anew by its tag', () => {
    const { headers = {} } = serve({});
    expect(headers['cache-control']).toBe('public, max-age=3600, stale-while-revalidate=604800');
    const again = serve({ 'if-none-match': `W/"old", ${headers['etag']}` });
    expect(again).toMatchObject({ statusCode: 304, headers: { etag: headers['etag'] } });
    expect(again.body).toBeUndefined();
    expect(serve({ 'if-none-match': '"old"' }).statusCode).toBe(200);
  });

  test('has another tag when it says something else', async () => {
    const other = createServeHelper(await bundleHelper(root, configWith()));
    expect(other({}).headers?.['etag']).not.toBe(serve({}).headers?.['etag']);
  });
});
