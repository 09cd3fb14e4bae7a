import type { Context } from 'aws-lambda';
import { compiledConfig as config } from '#shared/config/compiled.ts';
import { environments, parseEnvironment } from '#shared/config/environment.ts';
import { crashQuietly } from '#shared/quiet-crash.ts';
import { createKnownForms } from '#shared/store/known-forms.ts';
import { wire } from '#shared/wiring.ts';
import { sweepLeads } from './sweep-leads.ts';

const wired = wire(config, parseEnvironment(environments['sweep-leads'], process.env));
const knownForms = createKnownForms(wired);
let isRemembered = false;

export const handler = crashQuietly(wired.log, async (_event: unknown, context: Context): Promise<void> => {
  await sweepLeads(() => context.getRemainingTimeInMillis(), wired);
  // Every version of a config is swept with, within its first minute: once is enough.
  if (isRemembered) return;
  await knownForms.remember(Object.keys(config.forms));
  isRemembered = true;
});
