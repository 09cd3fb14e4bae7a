import { type FieldError, tell } from './events.ts';
import { clear, say } from './show.ts';
import { textOf } from './texts.ts';

/** The form's JSON answer; from the gateway before it, a message alone. */
export type Answer = { ok?: boolean; id?: string; error?: string; message?: string; errors?: FieldError[] };

const timeoutMs = 20_000;
const pausesMs = [1_000, 3_000];

export const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Sends until there is an answer: the key in the body makes it safe to send again what may have arrived.
 * Undefined: none came, although the browser believes that there is a network.
 */
export async function exchange(form: HTMLFormElement, url: string, body: BodyInit): Promise<Answer | undefined> {
  for (let attempt = 0; ; attempt++) {
    const { status, answer } = await post(url, body);
    // Its own refusal is final, the gateway's is not.
    if (status < 500 && (answer?.ok || answer?.error)) return answer;
    if (navigator.onLine) {
      const pause = pausesMs[attempt];
      if (pause === undefined) return answer;
      await wait(pause);
    } else {
      attempt = -1;
      clear(form);
      if (tell(form, 'ringback:waiting')) say(form, 'status', textOf(form, 'waiting'));
      await new Promise((resolve) => addEventListener('online', resolve, { once: true }));
    }
  }
}

async function post(url: string, body: BodyInit): Promise<{ status: number; answer?: Answer }> {
  try {
    const headers = { accept: 'application/json' };
    const response = await fetch(url, { method: 'POST', body, headers, signal: AbortSignal.timeout(timeoutMs) });
    return { status: response.status, answer: await response.json() };
  } catch {
    // No network, no permission, no JSON: all that matters is that there is no answer.
    return { status: 0 };
  }
}
