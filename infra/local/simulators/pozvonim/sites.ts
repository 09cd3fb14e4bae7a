import type { PhpParams } from '../php-params.ts';
import type { Holding, Site } from './holding.ts';
import { notFound } from './refusal.ts';
import { type Call, created, gone, ok, type Routes } from './router.ts';
import { requireStarred, siteParams } from './starred.ts';

/** "Проекты" and "Студии управление проектами": the same methods on one's own sites and on a contributor's. */
export const siteRoutes: Routes = {
  ...routesUnder('/sites', ({ holding }) => holding.sites),
  ...routesUnder('/contributors/:contributorId/sites', (call) => contributorOf(call).sites),
};

export const widgetRoutes: Routes = {
  'GET /widget': ({ holding, params }) =>
    ok(listed(allSites(holding), params['sites_ids']).map((site) => describeWidget(site))),
  'GET /widget/:widgetId': ({ holding, ids }) => {
    const site = allSites(holding).find(({ widgetId }) => widgetId === ids['widgetId']);
    if (site === undefined) throw notFound('WIDGET');
    return ok(describeWidget(site));
  },
};

function routesUnder(path: string, sitesOf: (call: Call) => Map<string, Site>): Routes {
  return {
    [`GET ${path}`]: (call) => ok(listed([...sitesOf(call).values()], call.params['ids']).map(describeSite)),
    [`POST ${path}`]: (call) => created(describeSite(addSite(call, sitesOf(call)))),
    [`GET ${path}/:siteId`]: (call) => ok(describeSite(siteIn(sitesOf(call), call.ids))),
    [`PUT ${path}/:siteId`]: (call) => {
      const site = siteIn(sitesOf(call), call.ids);
      requireStarred(call.params, siteParams);
      site.settings = { ...site.settings, ...settingsOf(call.params) };
      return ok(describeSite(site));
    },
    [`DELETE ${path}/:siteId`]: (call) => {
      sitesOf(call).delete(siteIn(sitesOf(call), call.ids).id);
      return gone;
    },
  };
}

export function addSite({ holding, params }: Pick<Call, 'holding' | 'params'>, sites: Map<string, Site>): Site {
  requireStarred(params, siteParams);
  const site = { id: holding.newId(), widgetId: holding.newId(), settings: settingsOf(params) };
  sites.set(site.id, site);
  return site;
}

export function siteIn(sites: Map<string, Site>, ids: Record<string, string>): Site {
  const site = sites.get(ids['siteId'] ?? '');
  if (site === undefined) throw notFound('SITE');
  return site;
}

export function contributorOf({ holding, ids }: Pick<Call, 'holding' | 'ids'>) {
  const contributor = holding.contributors.get(ids['contributorId'] ?? '');
  if (contributor === undefined) throw notFound('CONTRIBUTOR');
  return contributor;
}

export function allSites(holding: Holding): Site[] {
  return [holding, ...holding.contributors.values()].flatMap(({ sites }) => [...sites.values()]);
}

/** "При указание этого фильтра все остальные не применяются". */
function listed(sites: Site[], ids: string | PhpParams | undefined): Site[] {
  const wanted = typeof ids === 'object' ? Object.values(ids) : undefined;
  return wanted === undefined ? sites : sites.filter(({ id }) => wanted.includes(id));
}

function settingsOf({ site = '', managers = '', widget = '', blacklists = '' }: PhpParams): PhpParams {
  return { site, managers, widget, blacklists };
}

export function describeSite({ id, widgetId, settings }: Site) {
  return { id: Number(id), widget_id: Number(widgetId), ...settings };
}

function describeWidget({ id, widgetId, settings }: Site) {
  return { id: Number(widgetId), site_id: Number(id), settings: settings['widget'] };
}
