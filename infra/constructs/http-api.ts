import { Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  type CfnStage,
  HttpApi,
  type HttpMethod,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { createLogGroup } from './bundled-function.ts';
import { createOwnDomain } from './own-domain.ts';

export type Throttle = { rateLimit: number; burstLimit: number };

/** `throttle`: instead of the one that holds for all. */
export type Route = { method: HttpMethod; path: string; target: LambdaFunction; throttle?: Throttle };

/** Enough for a campaign's first minute, and a lid on what abuse can cost. */
const throttle: Throttle = { rateLimit: 100, burstLimit: 200 };

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
    reason: 'A form is posted by anybody; /api takes a bearer token, which operate-leads and operate-stats check.',
  });
  const stage = new HttpStage(scope, 'stage', {
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
    // The stage names routes in its settings, so they have to exist before it does.
    stage.node.addDependency(...api.addRoutes({ path, methods: [method], integration }));
  }
  (stage.node.defaultChild as CfnStage).routeSettings = settingsOf(routes);
  createOwnDomain(scope, api, stage);
  return api;
}

function settingsOf(routes: Route[]) {
  return Object.fromEntries(
    routes.flatMap(({ method, path, throttle }) =>
      throttle === undefined
        ? []
        : [
            [
              `${method} ${path}`,
              { ThrottlingRateLimit: throttle.rateLimit, ThrottlingBurstLimit: throttle.burstLimit },
            ],
          ],
    ),
  );
}
