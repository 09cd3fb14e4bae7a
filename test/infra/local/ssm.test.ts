import { GetParameterCommand, ParameterNotFound, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { credentials, region } from '../../../infra/local/aws.ts';
import { close, listen } from '../../../infra/local/listen.ts';
import { createSsm } from '../../../infra/local/ssm.ts';

const server = createSsm(new Map([['callkeeper-key', 'value of the key']]));
let client: SSMClient;

beforeEach(async () => {
  client = new SSMClient({ endpoint: await listen(server), region, credentials, maxAttempts: 1 });
});
afterEach(async () => {
  client.destroy();
  await close(server);
});

const get = (Name: string) => client.send(new GetParameterCommand({ Name, WithDecryption: true }));

test('gives a secret under whatever path the stack has chosen', async () => {
  const { Parameter } = await get('/ringback/dev/callkeeper-key');
  expect(Parameter).toMatchObject({
    Name: '/ringback/dev/callkeeper-key',
    Value: 'value of the key',
    Type: 'SecureString',
  });
});

test('does not know a secret that nobody has named', async () => {
  await expect(get('/ringback/dev/other-key')).rejects.toThrow(ParameterNotFound);
});

test('refuses all that functions do not use', async () => {
  const put = new PutParameterCommand({ Name: '/ringback/dev/callkeeper-key', Value: 'other', Overwrite: true });
  await expect(client.send(put)).rejects.toMatchObject({ name: 'UnknownOperationException' });
});
