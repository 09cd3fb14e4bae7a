import type { PhpParams } from '../php-params.ts';

export type Site = { id: string; widgetId: string; settings: PhpParams };
export type Contributor = { id: string; email: string; balance: number; sites: Map<string, Site> };

/** All that belongs to one uid. */
export type Holding = {
  uid: string;
  apiKey: string;
  apiEnabled: boolean;
  timeZone: string;
  /** By the document's types of a transfer: 1 the main account, 2 the partner's. */
  balance: Record<string, number>;
  sites: Map<string, Site>;
  contributors: Map<string, Contributor>;
  /** Which account of ringback.config.ts a call of this site is counted to. */
  accountOf(siteId: string): string;
  newId(): string;
};

/** One holding per uid, with a site for each account that names the uid. */
export function createHoldings(accounts: Record<string, Record<string, unknown>>): Map<string, Holding> {
  const holdings = new Map<string, Holding>();
  for (const [id, account] of Object.entries(accounts)) {
    const uid = String(account['uid']);
    const holding = holdings.get(uid) ?? createHolding(uid, String(account['apiKey']), accounts);
    holdings.set(uid, holding);
    const siteId = String(account['siteId']);
    holding.sites.set(siteId, createSite(siteId, holding.newId(), `https://${id}.example`));
  }
  return holdings;
}

function createHolding(uid: string, apiKey: string, accounts: Record<string, Record<string, unknown>>): Holding {
  const own = Object.entries(accounts).filter(([, account]) => String(account['uid']) === uid);
  let lastId = 70_000;
  return {
    uid,
    apiKey,
    apiEnabled: true,
    timeZone: 'Europe/Moscow',
    balance: { 1: 10_000, 2: 1_000 },
    sites: new Map(),
    contributors: new Map(),
    accountOf: (siteId) => (own.find(([, account]) => String(account['siteId']) === siteId) ?? own[0])?.[0] ?? '',
    newId: () => String(++lastId),
  };
}

function createSite(id: string, widgetId: string, url: string): Site {
  const settings = {
    site: { url },
    managers: { 0: { phone: '74950000001', name: 'Менеджер' } },
    widget: {},
    blacklists: {},
  };
  return { id, widgetId, settings };
}
