import * as z from 'zod';
import type { SimulatedCall, Simulator } from '../simulators/simulator.ts';

const shown = 5;

const instant = z.iso.datetime().transform((text) => Date.parse(text));

/** As much of `GET /api/leads` as the page shows; times become milliseconds since 1970 UTC. */
export const leadsSchema = z.object({
  leads: z.array(
    z.object({
      id: z.string(),
      form: z.string(),
      state: z.string(),
      createdAt: instant,
      phone: z.string(),
      name: z.string().nullable(),
      deliveries: z.array(
        z.object({
          kind: z.enum(['call', 'track']),
          account: z.string(),
          state: z.string(),
          attempts: z.number(),
          providerId: z.string().nullable(),
          reason: z.string().nullable(),
          refusals: z.array(z.object({ account: z.string(), reason: z.string(), at: instant })),
          nextAt: instant.nullable(),
          updatedAt: instant,
        }),
      ),
    }),
  ),
});

export type DemoLead = z.output<typeof leadsSchema>['leads'][number];
export type DemoDelivery = DemoLead['deliveries'][number];

/** What happens on the right of the page, newest first. */
export type DemoState = { calls: SimulatedCall[]; leads: DemoLead[] };

/** The host's own operator API, so that the token stays on this side. Throws when it refuses or cannot be read. */
export async function fetchLeads(origin: string, token: string): Promise<DemoLead[]> {
  const response = await fetch(`${origin}/api/leads?limit=${shown}`, { headers: { authorization: `Bearer ${token}` } });
  if (!response.ok) throw new Error(`GET /api/leads answered ${response.status}`);
  return leadsSchema.parse(await response.json()).leads;
}

export async function readState(
  simulators: readonly Simulator[],
  readLeads: () => Promise<DemoLead[]>,
): Promise<DemoState> {
  const leads = await readLeads();
  // Calls come second: one that a lead names is then sure to be among them.
  const calls = simulators.flatMap((simulator) => simulator.calls());
  return { leads, calls: calls.sort((a, b) => b.orderedAt - a.orderedAt).slice(0, shown) };
}
