import type { Method } from '../provider.ts';
import { siteParams } from './site-params.ts';

/** A row of the table: what is required, and all else that the document lists. */
export type PozvonimMethod = Method & { optional: readonly string[] };

/** The parameters that the document stars for a site, new or updated: groups by their name, single ones as PHP writes them. */
const site = ['site[url]', 'managers[0][phone]', 'widget', 'blacklists'] as const;
/** The parameters of "Выполнение звонка" beside the phone. */
const visit = ['region', 'source_call', 'source_enter', 'source_referer', 'return_count', 'ip', 'useragent'] as const;
/** The filters of every list of calls. */
const filters = ['start_at', 'end_at', 'ids[0]', 'status_ids[0]', 'sites_ids[0]'] as const;

/**
 * Every method of the v2u document. It names none of them and calls all of them POST, so the names are Ringback's
 * and the verbs those of its field notes: one line each to correct.
 */
export const methods = [
  { name: 'getToken', verb: 'GET', path: '/auth/token', required: [], optional: [] },
  { name: 'listSites', verb: 'GET', path: '/sites', required: [], optional: ['ids[0]'] },
  { name: 'createSite', verb: 'POST', path: '/sites', required: site, optional: siteParams },
  { name: 'getSite', verb: 'GET', path: '/sites/:siteId', required: [], optional: [] },
  { name: 'updateSite', verb: 'PUT', path: '/sites/:siteId', required: site, optional: siteParams },
  { name: 'deleteSite', verb: 'DELETE', path: '/sites/:siteId', required: [], optional: [] },
  { name: 'getServerTime', verb: 'GET', path: '/server/time/now', required: [], optional: [] },
  { name: 'call', verb: 'POST', path: '/sites/:siteId/call', required: ['phone'], optional: visit },
  {
    name: 'delayedCall',
    verb: 'POST',
    path: '/sites/:siteId/call/delayed',
    required: ['phone', 'delayed'],
    optional: visit,
  },
  { name: 'listWidgets', verb: 'GET', path: '/widget', required: [], optional: ['sites_ids[0]'] },
  { name: 'getWidget', verb: 'GET', path: '/widget/:widgetId', required: [], optional: [] },
  { name: 'listCalls', verb: 'GET', path: '/calls', required: [], optional: [...filters, 'client', 'manager'] },
  { name: 'getCall', verb: 'GET', path: '/calls/:callId', required: [], optional: [] },
  { name: 'getProfile', verb: 'GET', path: '/profile', required: [], optional: [] },
  {
    name: 'updateProfile',
    verb: 'PUT',
    path: '/profile',
    required: ['timezone', 'api_enable', 'api_key'],
    optional: [],
  },
  {
    name: 'transferToContributor',
    verb: 'POST',
    path: '/payments/contributors/:contributorId',
    required: ['type', 'amount'],
    optional: [],
  },
  { name: 'listContributors', verb: 'GET', path: '/contributors', required: [], optional: [] },
  { name: 'createContributor', verb: 'POST', path: '/contributors', required: ['email', 'password'], optional: [] },
  { name: 'getContributor', verb: 'GET', path: '/contributors/:contributorId', required: [], optional: [] },
  {
    name: 'createContributorWithSite',
    verb: 'POST',
    path: '/contributors/sites',
    required: ['email', 'password', ...site],
    optional: siteParams,
  },
  {
    name: 'listContributorSites',
    verb: 'GET',
    path: '/contributors/:contributorId/sites',
    required: [],
    optional: ['ids[0]'],
  },
  {
    name: 'createContributorSite',
    verb: 'POST',
    path: '/contributors/:contributorId/sites',
    required: site,
    optional: siteParams,
  },
  {
    name: 'getContributorSite',
    verb: 'GET',
    path: '/contributors/:contributorId/sites/:siteId',
    required: [],
    optional: [],
  },
  {
    name: 'updateContributorSite',
    verb: 'PUT',
    path: '/contributors/:contributorId/sites/:siteId',
    required: site,
    optional: siteParams,
  },
  {
    name: 'deleteContributorSite',
    verb: 'DELETE',
    path: '/contributors/:contributorId/sites/:siteId',
    required: [],
    optional: [],
  },
  {
    name: 'listContributorCalls',
    verb: 'GET',
    path: '/contributors/:contributorId/calls',
    required: [],
    optional: filters,
  },
  {
    name: 'getContributorCall',
    verb: 'GET',
    path: '/contributors/:contributorId/calls/:callId',
    required: [],
    optional: [],
  },
  {
    name: 'transferToContributorAlias',
    verb: 'POST',
    path: '/contributors/:contributorId/payments',
    required: ['type', 'amount'],
    optional: [],
  },
] as const satisfies readonly PozvonimMethod[];

type Row = (typeof methods)[number];

type PathParameter<Path> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | PathParameter<Rest>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;

type Group<Name> = Name extends `${infer First}[${string}` ? First : Name;

/** What PHP's notation can carry: single values, and those of a list or a group. */
type Value = string | number | boolean | null | undefined | readonly Value[] | { readonly [name: string]: Value };

type Named<Name> = Extract<Row, { name: Name }>;

/** What a method is called with: its path's parameters, what it requires and what else it takes, under the document's own names. */
export type ParamsOf<Name extends Row['name']> = Record<
  PathParameter<Named<Name>['path']> | Group<Named<Name>['required'][number]>,
  Value
> &
  Partial<Record<Group<Named<Name>['optional'][number]>, Value>>;

export type MethodName = Row['name'];
