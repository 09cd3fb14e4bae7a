import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parsePhone } from '#shared/lead/phone.ts';
import { keepPhoneMetadata } from '../../infra/phone-metadata.ts';

const countries = ['RU', 'BY'];
let folder: string;
let sliced: typeof parsePhone;
let size: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringback-phone-'));
  const outfile = join(folder, 'phone.mjs');
  const { metafile } = await build({
    entryPoints: ['shared/lead/phone.ts'],
    outfile,
    bundle: true,
    minify: true,
    format: 'esm',
    metafile: true,
    plugins: [keepPhoneMetadata(countries)],
  });
  size = Object.values(metafile.outputs)[0]?.bytes ?? 0;
  sliced = (await import(outfile)).parsePhone;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a bundle keeps little of the world', () => {
  expect(size).toBeLessThan(50_000);
});

test.each([
  '8 916 123-45-67',
  '+7 495 123-45-67',
  '+375 29 123-45-67',
  '8 029 123-45-67',
  '8 800 555 35 35',
  '8 809 123-45-67',
  '+7 701 123 45 67',
  '+1 900 555 1234',
  '+49 30 123456',
  '+881 612 345 678',
  '+7 916 123-45-6',
  '8 495 123 45 67 доб. 1',
  '112',
])('and reads %s as the whole world does', (text) => {
  expect(sliced(text, countries)).toEqual(parsePhone(text, countries));
});
