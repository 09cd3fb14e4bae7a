import { credentials, region } from './aws.ts';
import type { FunctionDefinition } from './template.ts';

/** Origins of the embedded services. */
export type Services = { database: string; queues: string; buckets: string; ssm: string };

/** Where the world outside is from this machine: the function's own provider, and the captchas' verifiers by kind as JSON. */
export type Outside = { provider: string | undefined; captchas: string };

/** All that a function's process sees: what Lambda would set, the template's variables, and where the services are on this machine. */
export function functionEnvironment(
  { name, memoryMb, environment }: FunctionDefinition,
  services: Services,
  outside: Outside,
): Record<string, string> {
  return {
    ...environment,
    ...(outside.provider === undefined ? {} : { PROVIDER_ORIGIN: outside.provider }),
    ...('CAPTCHA_ORIGINS' in environment ? { CAPTCHA_ORIGINS: outside.captchas } : {}),
    ALLOW_LOOPBACK: 'true',
    ONE_ADDRESS: 'true',
    TZ: ':UTC',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    AWS_ENDPOINT_URL_DYNAMODB: services.database,
    AWS_ENDPOINT_URL_SQS: services.queues,
    AWS_ENDPOINT_URL_S3: services.buckets,
    AWS_ENDPOINT_URL_SSM: services.ssm,
  };
}
