import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';

/** No sandbox, which root and containers lack, and no talk with the browser's maker. The package's own flags switch web security off. */
const args = [
  '--no-sandbox',
  '--no-zygote',
  '--disable-gpu',
  '--font-render-hinting=none',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-pings',
];

/** Starts a headless browser: that of CHROME_PATH, else the one inside @sparticuz/chromium. */
export async function startBrowser(): Promise<Browser> {
  const own = process.env['CHROME_PATH'];
  if (own) return chromium.launch({ executablePath: own, args });
  const folder = await unpackChromium();
  const env = { ...process.env, FONTCONFIG_FILE: join(folder, 'fonts.conf') };
  return chromium.launch({ executablePath: join(folder, 'chromium'), args, env });
}

/** Unpacks the browser beside its package, once; a run that was killed meanwhile leaves nothing half done behind. */
async function unpackChromium(): Promise<string> {
  const folder = fileURLToPath(new URL('../unpacked', import.meta.resolve('@sparticuz/chromium')));
  if (existsSync(folder)) return folder;
  const temporary = await mkdtemp(`${folder}-`);
  // The package unpacks into the folder for temporary files, and takes whatever is there already for complete.
  const script = 'import chromium from "@sparticuz/chromium"; await chromium.executablePath();';
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    env: { ...process.env, TMPDIR: temporary },
  });
  await writeFile(join(temporary, 'fonts.conf'), fontsConfig(folder));
  await rename(temporary, folder).catch(async (error: unknown) => {
    await rm(temporary, { recursive: true });
    if (!existsSync(folder)) throw error;
  });
  return folder;
}

/** The package's fonts and no others, so that pages look the same on every machine. */
function fontsConfig(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${folder}/fonts</dir><cachedir>${folder}/fonts-cache</cachedir></fontconfig>
`;
}
