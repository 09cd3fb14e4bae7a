import type { Context } from 'aws-lambda';
import { compiledConfig as config } from '#shared/config/compiled.ts';
import { environments, parseEnvironment } from '#shared/config/environment.ts';
import { wire } from '#shared/wiring.ts';
import { sweepLeads } from './sweep-leads.ts';

const ports = wire(config, parseEnvironment(environments['sweep-leads'], process.env));

export async function handler(_event: unknown, context: Context): Promise<void> {
  await sweepLeads(() => context.getRemainingTimeInMillis(), ports);
}
