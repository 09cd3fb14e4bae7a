import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { unpack } from '#shared/store/pack.ts';
import type { Services as Origins } from '../../infra/local/function-environment.ts';
import { listen } from '../support/listen.ts';
import { type Instead, type Recorded, startRecordingProxy } from '../support/recording-proxy.ts';

/** What the services of AWS refuse to a host, in words that quote all that they were given; and the rows that they would not store. */
export type Refusals = { messages: boolean; writes: boolean; files: boolean; notStored: string[] };
export const kindServices = (): Refusals => ({ messages: false, writes: false, files: false, notStored: [] });

const refuseWrites =
  (refusals: Refusals): Instead =>
  ({ action, body }) => {
    if (!refusals.writes || action !== 'PutItem') return undefined;
    const { pk, value } = JSON.parse(body).Item;
    refusals.notStored.push(pk.S);
    const message = `cannot be stored: ${body} ${JSON.stringify(unpack(Buffer.from(value.B, 'base64')))}`;
    return { status: 400, body: JSON.stringify({ __type: 'ValidationException', message }) };
  };
const refuseFiles =
  (refusals: Refusals): Instead =>
  ({ action, body }) =>
    refusals.files && action === 'PUT'
      ? { status: 400, body: `<Error><Code>InvalidRequest</Code><Message>${body}</Message></Error>` }
      : undefined;
const refuseMessages =
  (refusals: Refusals): Instead =>
  ({ action, body }) =>
    refusals.messages && action.startsWith('SendMessage')
      ? { status: 400, body: JSON.stringify({ __type: 'InvalidMessageContents', message: body }) }
      : undefined;

/** Stands between a host and its services; the bodies of messages go into `messages`. */
export async function stayBetween(
  { ssm, ...services }: Origins,
  refusals: Refusals,
  messages: string[],
  closes: (() => Promise<unknown>)[],
): Promise<Origins> {
  const record = ({ action, body }: Recorded) => {
    if (action.startsWith('SendMessage')) messages.push(body);
  };
  const pass = async (target: string, instead: Instead) => {
    const { origin, close } = await startRecordingProxy(target, record, instead);
    closes.unshift(close);
    return origin;
  };
  return {
    ssm,
    queues: await pass(services.queues, refuseMessages(refusals)),
    database: await pass(services.database, refuseWrites(refusals)),
    buckets: await pass(services.buckets, refuseFiles(refusals)),
  };
}

/** SSM that takes every parameter, until it refuses them in words that quote all that it was given, as the real one does a value that is too long. */
export async function startParameters() {
  const parameters = { refuses: false };
  const server = createServer(async (request, response) => {
    const body = await text(request);
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    const { Names = [] } = JSON.parse(body);
    if (!parameters.refuses) return response.end(JSON.stringify({ Version: 1, InvalidParameters: Names }));
    const message = `validation failed: ${body} ${JSON.stringify(request.headers)}`;
    return response.writeHead(400).end(JSON.stringify({ __type: 'ValidationException', message }));
  });
  return { parameters, ...(await listen(server)) };
}
