import type { Method } from '../provider.ts';

/** The parameters that the document stars for a site, new or updated: groups by their name, single ones as PHP writes them. */
const site = ['site[url]', 'managers[0][phone]', 'widget', 'blacklists'] as const;

/**
 * Every method of the v2u document. It names none of them and calls all of them POST, so the names are Ringback's
 * and the verbs those of its field notes: one line each to correct.
 */
export const methods = [
  { name: 'getToken', verb: 'GET', path: '/auth/token', required: [] },
  { name: 'listSites', verb: 'GET', path: '/sites', required: [] },
  { name: 'createSite', verb: 'POST', path: '/sites', required: site },
  { name: 'getSite', verb: 'GET', path: '/sites/:siteId', required: [] },
  { name: 'updateSite', verb: 'PUT', path: '/sites/:siteId', required: site },
  { name: 'deleteSite', verb: 'DELETE', path: '/sites/:siteId', required: [] },
  { name: 'getServerTime', verb: 'GET', path: '/server/time/now', required: [] },
  { name: 'call', verb: 'POST', path: '/sites/:siteId/call', required: ['phone'] },
  { name: 'delayedCall', verb: 'POST', path: '/sites/:siteId/call/delayed', required: ['phone', 'delayed'] },
  { name: 'listWidgets', verb: 'GET', path: '/widget', required: [] },
  { name: 'getWidget', verb: 'GET', path: '/widget/:widgetId', required: [] },
  { name: 'listCalls', verb: 'GET', path: '/calls', required: [] },
  { name: 'getCall', verb: 'GET', path: '/calls/:callId', required: [] },
  { name: 'getProfile', verb: 'GET', path: '/profile', required: [] },
  { name: 'updateProfile', verb: 'PUT', path: '/profile', required: ['timezone', 'api_enable', 'api_key'] },
  {
    name: 'transferToContributor',
    verb: 'POST',
    path: '/payments/contributors/:contributorId',
    required: ['type', 'amount'],
  },
  { name: 'listContributors', verb: 'GET', path: '/contributors', required: [] },
  { name: 'createContributor', verb: 'POST', path: '/contributors', required: ['email', 'password'] },
  { name: 'getContributor', verb: 'GET', path: '/contributors/:contributorId', required: [] },
  {
    name: 'createContributorWithSite',
    verb: 'POST',
    path: '/contributors/sites',
    required: ['email', 'password', ...site],
  },
  { name: 'listContributorSites', verb: 'GET', path: '/contributors/:contributorId/sites', required: [] },
  { name: 'createContributorSite', verb: 'POST', path: '/contributors/:contributorId/sites', required: site },
  { name: 'getContributorSite', verb: 'GET', path: '/contributors/:contributorId/sites/:siteId', required: [] },
  { name: 'updateContributorSite', verb: 'PUT', path: '/contributors/:contributorId/sites/:siteId', required: site },
  { name: 'deleteContributorSite', verb: 'DELETE', path: '/contributors/:contributorId/sites/:siteId', required: [] },
  { name: 'listContributorCalls', verb: 'GET', path: '/contributors/:contributorId/calls', required: [] },
  { name: 'getContributorCall', verb: 'GET', path: '/contributors/:contributorId/calls/:callId', required: [] },
  {
    name: 'transferToContributorAlias',
    verb: 'POST',
    path: '/contributors/:contributorId/payments',
    required: ['type', 'amount'],
  },
] as const satisfies readonly Method[];

type Row = (typeof methods)[number];

type PathParameter<Path> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | PathParameter<Rest>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;

type Group<Name> = Name extends `${infer First}[${string}` ? First : Name;

/** What a method is called with: its path's parameters and what it requires, under the document's own names, and anything else that it takes. */
export type ParamsOf<Name extends Row['name']> = Record<
  PathParameter<Extract<Row, { name: Name }>['path']> | Group<Extract<Row, { name: Name }>['required'][number]>,
  unknown
> &
  Record<string, unknown>;

export type MethodName = Row['name'];
