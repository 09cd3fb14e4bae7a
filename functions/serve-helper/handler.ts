import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { createServeHelper } from './serve-helper.ts';

/** infra/bundle.ts writes the script into the bundle in place of the name. */
declare const HELPER_SCRIPT: string;

const serveHelper = createServeHelper(HELPER_SCRIPT);

export async function handler({ headers }: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  return serveHelper(headers);
}
