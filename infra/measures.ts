import { Duration, type Stack } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { type MetricName, metricDimension, metricNamespace } from '#shared/log.ts';

export const fiveMinutes = Duration.minutes(5);

/** One of Ringback's own metrics, of this deployment. */
export function ownMetric(stack: Stack, metricName: MetricName, statistic: string): Metric {
  const dimensionsMap = { [metricDimension]: stack.stackName };
  return new Metric({ namespace: metricNamespace, metricName, dimensionsMap, statistic, period: fiveMinutes });
}

/** Every construct of this class in the stack, so that what is added later is watched too. */
export function findAll<Type>(stack: Stack, type: abstract new (...args: never[]) => Type): Type[] {
  return stack.node.findAll().filter((construct): construct is typeof construct & Type => construct instanceof type);
}
