import { Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, type HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { createLogGroup } from './bundled-function.ts';

export type Route = { method: HttpMethod; path: string; target: LambdaFunction };

/** Enough for a campaign's first minute, and a lid on what abuse can cost. */
const throttle = { rateLimit: 100, burstLimit: 200 };

/** The route and not the path, no address and no browser: nothing in the log leads to a person. */
const accessLog = {
  requestId: '$context.requestId',
  requestTime: '$context.requestTime',
  route: '$context.routeKey',
  status: '$context.status',
  responseLength: '$context.responseLength',
  latencyMs: '$context.responseLatency',
  integrationError: '$context.integrationErrorMessage',
};

/** The HTTP API, payload format 2.0, at the root of its host. */
export function createHttpApi(scope: Construct, routes: Route[]): HttpApi {
  const api = new HttpApi(scope, 'api', { createDefaultStage: false });
  Validations.of(api).acknowledge({
    id: 'AwsSolutions-APIG4',
    reason: 'A form is posted by anybody; /api checks the bearer token in operate-leads, which alone may read it.',
  });
  new HttpStage(scope, 'stage', {
    httpApi: api,
    stageName: '$default',
    autoDeploy: true,
    throttle,
    accessLogSettings: {
      destination: new LogGroupLogDestination(createLogGroup(scope, 'access-log')),
      format: AccessLogFormat.custom(JSON.stringify(accessLog)),
    },
  });
  for (const { method, path, target } of routes) {
    const integration = new HttpLambdaIntegration(`${target.node.id}-integration`, target);
    api.addRoutes({ path, methods: [method], integration });
  }
  return api;
}
