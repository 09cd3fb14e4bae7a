import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type ConsoleFiles, serveConsole } from './serve-console.ts';

/** infra/bundle.ts writes the page's files into the bundle in place of the name. */
declare const CONSOLE_FILES: ConsoleFiles;

export async function handler({ pathParameters }: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  return serveConsole(pathParameters?.['file'], CONSOLE_FILES);
}
