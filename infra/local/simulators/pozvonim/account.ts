import type { Clock } from '#shared/ports.ts';
import { toWallClock } from '#shared/zoned-time.ts';
import type { PhpParams } from '../php-params.ts';
import type { Contributor, Holding } from './holding.ts';
import { invalid, Refusal } from './refusal.ts';
import { type Call, created, type Handler, ok, type Routes } from './router.ts';
import { addSite, contributorOf, describeSite } from './sites.ts';
import { requireStarred, siteParams } from './starred.ts';

/** "Прочее", "Профиль", "Платежи" and "Студии". */
export function accountRoutes(clock: Clock): Routes {
  return {
    'GET /server/time/now': ({ holding }) =>
      ok({ time: toWallClock(clock(), holding.timeZone), timestamp: Math.floor(clock() / 1000) }),
    'GET /profile': ({ holding }) => ok(describeProfile(holding)),
    'PUT /profile': ({ holding, params }) => {
      requireStarred(params, ['timezone', 'api_enable', 'api_key']);
      const { timezone, api_enable } = params;
      if (!Intl.supportedValuesOf('timeZone').includes(String(timezone)))
        throw invalid('timezone', 'is not a time zone');
      if (api_enable !== '0' && api_enable !== '1') throw invalid('api_enable', 'must be 0 or 1');
      holding.timeZone = String(timezone);
      holding.apiEnabled = api_enable === '1';
      holding.apiKey = String(params['api_key']);
      return ok(describeProfile(holding));
    },
    'POST /payments/contributors/:contributorId': transfer,
    'POST /contributors/:contributorId/payments': transfer,
    'GET /contributors': ({ holding }) => ok([...holding.contributors.values()].map(describeContributor)),
    'POST /contributors': (call) => created(describeContributor(addContributor(call))),
    'GET /contributors/:contributorId': (call) => ok(describeContributor(contributorOf(call))),
    'POST /contributors/sites': (call) => {
      requireStarred(call.params, siteParams);
      const contributor = addContributor(call);
      return created({ ...describeContributor(contributor), site: describeSite(addSite(call, contributor.sites)) });
    },
  };
}

const transfer: Handler = (call) => {
  const { holding, params } = call;
  const contributor = contributorOf(call);
  requireStarred(params, ['type', 'amount']);
  const type = String(params['type']);
  const amount = Number(params['amount']);
  const balance = holding.balance[type];
  if (balance === undefined) throw invalid('type', 'must be 1 or 2');
  if (!(amount > 0)) throw invalid('amount', 'must be a sum above zero');
  if (balance < amount) throw new Refusal(402, 'PAYMENT-NOT-ENOUGH', 'The balance is too low');
  holding.balance[type] = balance - amount;
  contributor.balance += amount;
  return ok({ balance: holding.balance[type], contributor: describeContributor(contributor) });
};

function addContributor({ holding, params }: Pick<Call, 'holding' | 'params'>): Contributor {
  requireStarred(params, ['email', 'password']);
  const email = emailOf(params);
  if ([...holding.contributors.values()].some((other) => other.email === email))
    throw invalid('email', `${email} is taken`);
  const contributor = { id: holding.newId(), email, balance: 0, sites: new Map() };
  holding.contributors.set(contributor.id, contributor);
  return contributor;
}

function emailOf({ email }: PhpParams): string {
  if (typeof email !== 'string' || !/^[^\s@]+@[^\s@]+$/.test(email)) throw invalid('email', 'is not an e-mail address');
  return email;
}

function describeProfile({ uid, timeZone, apiEnabled, balance }: Holding) {
  return { id: Number(uid), timezone: timeZone, api_enable: apiEnabled ? 1 : 0, balance: balance['1'] };
}

function describeContributor({ id, email, balance, sites }: Contributor) {
  return { id: Number(id), email, balance, sites: [...sites.keys()].map(Number) };
}
