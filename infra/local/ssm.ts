import { createServer, type Server } from 'node:http';
import { json } from 'node:stream/consumers';
import * as z from 'zod';

const requestSchema = z.object({ Name: z.string() });

/** As much of SSM's Parameter Store as functions use: GetParameter, for these secrets by name, under whatever path. */
export function createSsm(secrets: ReadonlyMap<string, string>): Server {
  return createServer(async (request, response) => {
    const answer = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
    };
    const target = request.headers['x-amz-target'];
    if (target !== 'AmazonSSM.GetParameter') return answer(400, { __type: 'UnknownOperationException' });
    const body = requestSchema.safeParse(await json(request));
    if (!body.success) return answer(400, { __type: 'ValidationException', message: body.error.message });
    const { Name } = body.data;
    const Value = secrets.get(Name.slice(Name.lastIndexOf('/') + 1));
    if (Value === undefined) return answer(400, { __type: 'ParameterNotFound' });
    return answer(200, { Parameter: { Name, Type: 'SecureString', Value, Version: 1 } });
  });
}
