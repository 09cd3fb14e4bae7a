import { ProviderError } from '../../errors.ts';
import { fromWallClock } from '../../zoned-time.ts';
import type { Finding } from '../provider.ts';
import type { Client } from './client.ts';
import { readTimeZone } from './wire.ts';

const toleratedMs = 60_000;

/** Reads the account's own data: whether the key gives a token, the profile's zone, the site and its widget, and how far the clocks differ. */
export async function checkAccount(client: Client, siteId: string, clock: () => number): Promise<Finding[]> {
  const token = await finding('token', tokenAdvice, async () => {
    await client.getToken({});
    return 'Pozvonim gives a token for uid and key';
  });
  if (!token.ok) return [token];
  let timeZone = 'UTC';
  const profile = await finding('profile', 'set the time zone in the cabinet under Профиль', async () => {
    timeZone = readTimeZone(await client.getProfile({}));
    return `times are in the zone ${timeZone}`;
  });
  const site = await finding('site', 'compare siteId with the address of the site in the cabinet', async () => {
    await client.getSite({ siteId });
    return `the site ${siteId} is there`;
  });
  const widget = await finding('widget', 'set up a widget for the site in the cabinet', async () => {
    const list = await client.listWidgets({ sites_ids: [siteId] });
    if (!Array.isArray(list)) return 'Pozvonim tells of widgets in a form that is not known';
    if (list.length > 0) return `the site ${siteId} has a widget`;
    throw new ProviderError(`the site ${siteId} has no widget`, { provider: 'pozvonim', fault: 'account' });
  });
  return [token, profile, site, widget, await clockFinding(client, timeZone, clock)];
}

const tokenAdvice =
  'set the key in the cabinet under Профиль, API Ключ, tick "Включить API" there, and compare uid and the secret of apiKey';

async function finding(check: string, advice: string, read: () => Promise<string>): Promise<Finding> {
  try {
    return { check, ok: true, message: await read() };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    const words = error.fault === 'account' ? advice : 'try again, then look at the network and at POZVONIM_URL';
    return { check, ok: false, message: `${error.message}: ${words}` };
  }
}

async function clockFinding(client: Client, timeZone: string, clock: () => number): Promise<Finding> {
  let difference = 0;
  const read = await finding('clock', 'ask Pozvonim about /server/time/now', async () => {
    const theirs = serverTime(await client.getServerTime({}), timeZone);
    if (theirs === undefined) return 'Pozvonim tells its time in a form that is not known';
    difference = Math.round((theirs - clock()) / 1000) * 1000;
    return `the clocks differ by ${Math.abs(difference) / 1000} s`;
  });
  if (Math.abs(difference) <= toleratedMs) return read;
  return {
    ...read,
    ok: false,
    message: `${read.message}: set this machine's clock, or calls are looked for at the wrong time`,
  };
}

/** The document does not show the answer: Unix seconds or a date in the profile's zone, bare or in the fields of an object. */
function serverTime(answer: unknown, timeZone: string): number | undefined {
  const values = typeof answer === 'object' && answer !== null ? Object.values(answer) : [answer];
  return values
    .map((value) => (/^\d{10}$/.test(String(value)) ? Number(value) * 1000 : fromWallClock(String(value), timeZone)))
    .find((instant) => instant !== undefined);
}
