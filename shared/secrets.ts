import { GetParameterCommand, type SSMClient, SSMServiceException } from '@aws-sdk/client-ssm';
import { ConfigError } from './errors.ts';
import type { Clock, ReadSecret } from './ports.ts';

const keepMs = 5 * 60_000;

/** Reads secrets from SSM SecureString parameters under a path, and keeps each for five minutes. */
export function createReadSecret(client: SSMClient, prefix: string, clock: Clock): ReadSecret {
  const kept = new Map<string, { value: string; until: number }>();
  return async (name) => {
    const known = kept.get(name);
    if (known !== undefined && known.until > clock()) return known.value;
    const value = await readParameter(client, prefix + name);
    kept.set(name, { value, until: clock() + keepMs });
    return value;
  };
}

async function readParameter(client: SSMClient, name: string): Promise<string> {
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
    if (!Parameter?.Value) throw new ConfigError(`the secret ${name} is empty`);
    return Parameter.Value;
  } catch (error) {
    if (!(error instanceof SSMServiceException) || error.name !== 'ParameterNotFound') throw error;
    throw new ConfigError(`the secret ${name} is not set`, { cause: error });
  }
}
