import type { Send } from '#shared/http/send.ts';
import type { Clock } from '#shared/ports.ts';
import type { Finding } from '#shared/providers/provider.ts';

/** More than an answer's way and the whole seconds of its date can explain. */
const tolerableMs = 60_000;

/** Sends as `send` does, and compares this machine's clock with the date of every answer. */
export function createClockWatch(send: Send, clock: Clock): { send: Send; findings(): Finding[] } {
  let furthest: number | undefined;
  return {
    async send(request) {
      const response = await send(request);
      const ahead = clock() - Date.parse(response.headers['date'] ?? '');
      if (!Number.isNaN(ahead) && Math.abs(ahead) >= Math.abs(furthest ?? 0)) furthest = ahead;
      return response;
    },
    findings() {
      if (furthest === undefined) return [];
      if (Math.abs(furthest) <= tolerableMs)
        return [{ check: 'clock', ok: true, message: 'agrees with the providers' }];
      const off = `${Math.round(Math.abs(furthest) / 1000)} s ${furthest > 0 ? 'ahead of' : 'behind'} a provider's`;
      return [{ check: 'clock', ok: false, message: `${off}: let the system keep its time by NTP` }];
    },
  };
}
