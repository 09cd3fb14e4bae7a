import * as z from 'zod/mini';
import { isOwnHost, type Verifier } from './verdict.ts';

const answerSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('ok'), host: z.string() }),
  z.object({ status: z.literal('failed'), message: z._default(z.string(), '') }),
]);

/** Messages for a wrong secret begin so; the visitor can do nothing about it. */
const ownersFault = 'Authentication failed';

/** Yandex SmartCaptcha, "Verifying a CAPTCHA response". It knows no actions. */
export const smartcaptcha: Verifier = {
  path: '/validate',
  parameters: ({ secret, token, address }) => ({
    secret,
    token,
    ...(address === undefined ? {} : { ip: address }),
  }),
  read(answer, { hosts }) {
    const { data } = answerSchema.safeParse(answer);
    if (data === undefined) return 'unavailable';
    if (data.status === 'failed') return data.message.startsWith(ownersFault) ? 'unavailable' : 'refused';
    return isOwnHost(data.host, hosts) ? 'passed' : 'refused';
  },
};
