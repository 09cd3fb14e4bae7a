import { isSupportedCountry } from 'libphonenumber-js/min';
import * as z from 'zod';
import { reconcileWindow } from '../lead/delivery-schedule.ts';
import { providers } from '../providers/registry.ts';
import { type CaptchaKind, captchas } from './captchas.ts';
import { formDefaults } from './form-defaults.ts';
import { durationSchema, idSchema, openSchema, scheduleSchema, secretSchema, timeZoneSchema } from './values.ts';

const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/i, 'must be letters, digits and hyphens, at most 63');

const originSchema = z
  .string()
  .refine(
    (text) => URL.canParse(text) && new URL(text).origin === text,
    'must be an origin such as https://acme.example',
  );

const formSchema = z.strictObject({
  name: z.string().min(1).max(256),
  origins: z.array(originSchema).min(1, 'must name at least one origin'),
  call: z.array(idSchema).default([]),
  track: z.array(idSchema).default([]),
  fields: z
    .partialRecord(z.enum(['phone', 'name', 'email', 'comment']), z.union([z.string(), z.array(z.string()).min(1)]))
    .default({}),
  countries: z
    .array(z.string().refine((code) => isSupportedCountry(code), 'must be an ISO country code such as RU'))
    .min(1)
    .default(['RU']),
  hours: z.strictObject({ timeZone: timeZoneSchema, open: openSchema }).optional(),
  redirect: z
    .string()
    .refine(
      (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
      'must be a full address such as https://acme.example/thanks',
    )
    .optional(),
  captcha: z.strictObject({ kind: z.enum(Object.keys(captchas) as CaptchaKind[]), secret: secretSchema }).optional(),
  files: z.enum(['refuse', 'drop']).default('refuse'),
  minFillSeconds: z.number().nonnegative().max(3600).default(0),
  phoneLimit: z
    .strictObject({ calls: z.number().int().positive(), perHours: z.number().positive() })
    .default(formDefaults.phoneLimit),
  rateLimit: z
    .strictObject({ requests: z.number().int().positive(), perSeconds: z.number().positive() })
    .default(formDefaults.rateLimit),
  staleAfter: durationSchema.default(formDefaults.staleAfter),
  retryUnknownAfter: durationSchema
    .refine(
      (ms) => ms >= reconcileWindow,
      "must be at least 150s: until then a placed call may still turn up in the provider's list",
    )
    .optional(),
  retentionDays: z.number().int().positive().default(formDefaults.retentionDays),
  rehearse: z.boolean().default(false),
});

const accountSchema = z.discriminatedUnion(
  'provider',
  // zod wants the members of a discriminated union as objects; Provider keeps them general so that a provider stays one folder.
  providers.map((provider) => provider.accountSchema) as never,
  { error: `provider must be one of ${providers.map((provider) => provider.name).join(', ')}` },
) as unknown as z.ZodType<Account>;

/** Schema of ringback.config.ts, defaults and durations (milliseconds) resolved. */
export const configSchema = z
  .strictObject({
    accounts: z.record(name, accountSchema),
    forms: z.record(name, formSchema),
    stats: z
      .strictObject({
        schedule: scheduleSchema.default('rate(1 hour)'),
        lookbackDays: z.number().int().min(1).max(90).default(3),
        formats: z
          .array(z.enum(['parquet', 'ndjson', 'csv']))
          .min(1)
          .default(['parquet', 'ndjson', 'csv']),
      })
      .prefault({}),
    egress: z.enum(['nat-gateway', 'nat-instance', 'none']).default('none'),
    /** The addresses that the owner has told the providers to let in; `ringback doctor` fails where the deployment has another. */
    authorisedAddresses: z.array(z.ipv4('must be an address such as 203.0.113.7')).default([]),
  })
  .superRefine((config, context) => {
    for (const [formId, form] of Object.entries(config.forms)) {
      for (const kind of ['call', 'track'] as const) {
        const seen = new Set<string>();
        form[kind].forEach((account, index) => {
          const problem = routeProblem(config.accounts, account, kind, seen);
          seen.add(account);
          if (problem) context.addIssue({ code: 'custom', path: ['forms', formId, kind, index], message: problem });
        });
      }
    }
  });

function routeProblem(accounts: Record<string, Account>, id: string, kind: 'call' | 'track', seen: Set<string>) {
  const account = accounts[id];
  if (account === undefined) return `there is no account "${id}" in accounts`;
  if (seen.has(id)) return `the account "${id}" is named twice`;
  const provider = providers.find((candidate) => candidate.name === account.provider);
  if (kind === 'call' && !provider?.canCall(account))
    return `the account "${id}" (${account.provider}) cannot ring a phone`;
  if (kind === 'track' && !provider?.canTrack(account))
    return `the account "${id}" (${account.provider}) takes no copies of leads`;
  return undefined;
}

/** An account as the owner wrote it, secrets by name. What else is in it is its provider's business. */
export type Account = { provider: string } & Record<string, unknown>;
export type Form = z.output<typeof formSchema>;
export type Config = z.output<typeof configSchema>;
export type ConfigInput = z.input<typeof configSchema>;

/** Gives ringback.config.ts its types; the check comes when it is loaded. */
export function defineConfig(config: ConfigInput): ConfigInput {
  return config;
}
