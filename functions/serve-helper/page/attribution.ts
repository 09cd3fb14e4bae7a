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
    ...JSON.parse(storage?.getItem(storageKey) ?? '{}'),
  };
  const advert = [...new URLSearchParams(location.search)].filter(([name]) => isAdvert(name));
  if (advert.length > 0) for (const name of Object.keys(visit).filter(isAdvert)) delete visit[name];
  Object.assign(visit, Object.fromEntries(advert));
  storage?.setItem(storageKey, JSON.stringify(visit));
  return visit;
}

function isAdvert(name: string): boolean {
  return /^utm_(source|medium|campaign|content|term)$/.test(name);
}

function openStorage(store: string | undefined): Storage | undefined {
  try {
    return store === 'session' ? sessionStorage : store === 'local' ? localStorage : undefined;
  } catch {
    // The visitor's browser allows none.
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
  try {
    const [session] = [window.ct?.('calltracking_params', modId)].flat() as ({ sessionId?: unknown } | undefined)[];
    return session?.sessionId ? String(session.sessionId) : undefined;
  } catch {
    // Whatever that script throws, its cookies may still tell.
    return undefined;
  }
}

function cookie(name: string): string | undefined {
  const pair = document.cookie.split('; ').find((text) => text.startsWith(`${name}=`));
  return pair && decodeURIComponent(pair.slice(name.length + 1));
}
