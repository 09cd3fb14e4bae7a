import { en } from 'zod/locales';
import * as z from 'zod/mini';
import { ConfigError } from '../errors.ts';
import { type CaptchaKind, captchas } from './captchas.ts';

z.config(en());

const json = z.pipe(
  z.string(),
  z.transform((text) => JSON.parse(text) as unknown),
);

/** `{"callkeeper": "https://sqs…"}`: the queue of each provider. */
const queueUrls = z.pipe(json, z.record(z.string(), z.url()));

/** The bucket of the statistics. */
const bucket = { BUCKET_NAME: z.string().check(z.minLength(1)) };

/** `{"turnstile": "https://…"}`: where each kind of captcha is verified. */
const captchaOrigins = z.pipe(json, z.record(z.enum(Object.keys(captchas) as CaptchaKind[]), z.url()));

const base = {
  /** Name of the deployment, such as `ringback-prod`: the dimension of its metrics. */
  STACK: z.string().check(z.minLength(1)),
  TABLE_NAME: z.string().check(z.minLength(1)),
  QUEUE_URLS: queueUrls,
};
/** Path under which the secrets of ringback.config.ts lie in SSM, such as `/ringback/prod/`. */
const secrets = { SECRETS_PREFIX: z.string().check(z.startsWith('/'), z.endsWith('/')) };

/** The environment of each function, in zod's small edition, for every cold start loads it: its handler parses it with this schema, the stack fills it in by the same. */
export const environments = {
  'submit-form': z.object({ ...base, ...secrets, CAPTCHA_ORIGINS: captchaOrigins }),
  'forward-lead': z.object({
    ...base,
    ...secrets,
    PROVIDER: z.string().check(z.minLength(1)),
    /** Scheme and host of the provider's API; absent where each account brings its own address. */
    PROVIDER_ORIGIN: z.optional(z.url()),
    /** Set where all its processes leave from one address, so that they may share the tokens that are bound to it. */
    ONE_ADDRESS: z.optional(z.literal('true')),
    /** Set by the host on one's own machine only, see ProviderPorts. */
    ALLOW_LOOPBACK: z.optional(z.literal('true')),
  }),
  'sweep-leads': z.object(base),
  'operate-leads': z.object({
    ...base,
    ...secrets,
    /** The one address that providers see, where there is one. */
    EGRESS_ADDRESS: z.optional(z.string()),
    /** `{"callkeeper": "https://sqs…"}`: where it is asked for that an erased lead goes from the exports too. */
    PULL_QUEUE_URLS: queueUrls,
  }),
  'serve-console': z.object({}),
  'serve-helper': z.object({}),
  'pull-stats': z.object({
    ...base,
    ...secrets,
    ...bucket,
    PROVIDER: z.string().check(z.minLength(1)),
    PROVIDER_ORIGIN: z.optional(z.url()),
    ONE_ADDRESS: z.optional(z.literal('true')),
    /** Where a pull asks for its next invocation. */
    PULL_QUEUE_URL: z.url(),
  }),
  'operate-stats': z.object({
    STACK: base.STACK,
    TABLE_NAME: base.TABLE_NAME,
    ...secrets,
    ...bucket,
    /** `{"callkeeper": "https://sqs…"}`: where pulls of each provider are asked for. */
    PULL_QUEUE_URLS: queueUrls,
  }),
  'receive-webhook': z.object({ ...base, ...secrets }),
};

export type FunctionName = keyof typeof environments;
export type EnvironmentInput<Name extends FunctionName> = z.input<(typeof environments)[Name]>;

/** Parses a function's environment. Throws ConfigError naming each bad setting, never its value. */
export function parseEnvironment<Schema extends z.ZodMiniType>(
  schema: Schema,
  env: NodeJS.ProcessEnv,
): z.output<Schema> {
  const result = schema.safeParse(env);
  if (result.success) return result.data;
  const settings = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new ConfigError(`bad environment: ${settings.join('; ')}`);
}
