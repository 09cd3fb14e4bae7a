import { CfnOutput } from 'aws-cdk-lib';
import { ApiMapping, DomainName, type HttpApi, type HttpStage, SecurityPolicy } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { Construct } from 'constructs';
import { ConfigError } from '#shared/errors.ts';

/** Context that names a domain of one's own, and its certificate: one of ACM, in the region of the deployment. */
const domainContext = 'domain';
const certificateContext = 'certificate';

/** Answers under a domain of one's own too, where the context names one; which DNS record that takes is an output. Throws ConfigError. */
export function createOwnDomain(scope: Construct, api: HttpApi, stage: HttpStage): void {
  const domain: unknown = scope.node.tryGetContext(domainContext);
  const certificate: unknown = scope.node.tryGetContext(certificateContext);
  if (domain === undefined && certificate === undefined) return;
  if (typeof domain !== 'string' || !/^([a-z0-9-]+\.)+[a-z]{2,}$/.test(domain)) {
    throw new ConfigError(`the context "${domainContext}" must be the name of a host, such as forms.acme.example`);
  }
  if (typeof certificate !== 'string' || !/^arn:[\w-]+:acm:[\w-]+:\d{12}:certificate\/[\w-]+$/.test(certificate)) {
    throw new ConfigError(`the context "${certificateContext}" must be the ARN of the domain's certificate in ACM`);
  }
  const domainName = new DomainName(scope, 'domain', {
    domainName: domain,
    certificate: Certificate.fromCertificateArn(scope, 'certificate', certificate),
    securityPolicy: SecurityPolicy.TLS_1_2,
  });
  new ApiMapping(scope, 'domain-mapping', { api, domainName, stage });
  new CfnOutput(scope, 'DomainTarget', {
    description: `Make ${domain} a CNAME of this name`,
    value: domainName.regionalDomainName,
  });
}
