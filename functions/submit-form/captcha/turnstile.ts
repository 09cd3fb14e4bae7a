import * as z from 'zod/mini';
import { isOwnHost, type Verifier } from './verdict.ts';

const answerSchema = z.discriminatedUnion('success', [
  z.object({ success: z.literal(true), hostname: z.string(), action: z._default(z.string(), '') }),
  z.object({ success: z.literal(false), 'error-codes': z._default(z.array(z.string()), []) }),
]);

/** What the token is to blame for; any other code is the verifier's or the owner's fault. */
const tokenFaults = new Set(['missing-input-response', 'invalid-input-response', 'timeout-or-duplicate']);

/** Actions of a widget are no longer (Cloudflare Turnstile, "Widget configurations"). */
const maxActionLength = 32;

/** Cloudflare Turnstile, "Server-side validation". */
export const turnstile: Verifier = {
  path: '/turnstile/v0/siteverify',
  parameters: ({ secret, token, address, lead }) => ({
    secret,
    response: token,
    ...(address === undefined ? {} : { remoteip: address }),
    // A token counts once for each such key, so that the same form twice at once is not refused the second time.
    idempotency_key: toUuid(lead),
  }),
  read(answer, { form, hosts }) {
    const { data } = answerSchema.safeParse(answer);
    if (data === undefined) return 'unavailable';
    if (!data.success) {
      const codes = data['error-codes'];
      return codes.length > 0 && codes.every((code) => tokenFaults.has(code)) ? 'refused' : 'unavailable';
    }
    const isOwnAction = data.action === '' || data.action === form.slice(0, maxActionLength);
    return isOwnAction && isOwnHost(data.hostname, hosts) ? 'passed' : 'refused';
  },
};

/** The 32 hexadecimal digits of a lead's id in groups. */
function toUuid(id: string): string {
  return id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
