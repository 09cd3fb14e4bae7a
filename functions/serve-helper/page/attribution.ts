/** Fields of a form by their names. */
export type Fields = Record<string, string | undefined>;

const storageKey = 'ringback';

declare global {
  interface Window {
    /** Calltouch's script. */
    ct?: (method: string, modId?: string) => unknown;
  }
}

/** The first outside referrer and landing page, and the last advert; remembered where `store` (`session`, `local`) allows it. */
export function readVisit(store: string | undefined): Fields {
  const storage = openStorage(store);
  const isOutside = document.referrer && new URL(document.referrer).host !== location.host;
  const visit: Fields = {
    _referrer: isOutside ? document.referrer : undefined,
    entry_point: location.href,
    ...attempt(() => JSON.parse(storage?.getItem(storageKey) ?? '{}')),
  };
  const advert = [...new URLSearchParams(location.search)].filter(([name]) => isAdvert(name));
  if (advert.length > 0) for (const name of Object.keys(visit).filter(isAdvert)) delete visit[name];
  Object.assign(visit, Object.fromEntries(advert));
  storage?.setItem(storageKey, JSON.stringify(visit));
  return visit;
}

function isAdvert(name: string): boolean {
  return name.startsWith('utm_');
}

function openStorage(store: string | undefined): Storage | undefined {
  return attempt(() => (store === 'session' ? sessionStorage : store === 'local' ? localStorage : undefined));
}

/** A browser may allow no storage, and what other scripts have left there or in cookies may be anything: the form goes out without it. */
function attempt<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** The ids that counters on the page gave the visitor, as far as they are there by now. */
export function readCounters(calltouchModId: string | undefined): Fields {
  return {
    ga_client_id: cookie('_ga')?.replace(/^GA\d+\.\d+\./, ''),
    ym_client_id: cookie('_ym_uid'),
    calltouch_session_id:
      calltouchSession(calltouchModId) ?? cookie('_ct_session_id') ?? cookie('_ct_ids')?.split(':')[2],
    roistat_id: cookie('roistat_visit'),
  };
}

function calltouchSession(modId: string | undefined): string | undefined {
  const [session] = [attempt(() => window.ct?.('calltracking_params', modId))].flat() as (
    | { sessionId?: unknown }
    | undefined
  )[];
  return session?.sessionId ? String(session.sessionId) : undefined;
}

function cookie(name: string): string | undefined {
  const pair = document.cookie.split('; ').find((text) => text.startsWith(`${name}=`));
  return attempt(() => pair && decodeURIComponent(pair.slice(name.length + 1)));
}
