import type { Requests } from '../sections/requests.ts';
import { assumptions, prices } from './prices.ts';

const gb = 1024 ** 3;
const million = 1_000_000;

/** What a million such leads cost in dollars, each rung by one provider: requests, computing and logs. What is stored is paid by the month. */
export function pricePerMillion(requests: Requests) {
  const { perMillion, lambdaGbSecond, logsGb, dynamoGbMonth } = prices;
  const { writeUnits, readUnits, queueRequests, invocations, gbSeconds, forwarderGb, logBytes, storedBytes } = requests;
  const waiting = (assumptions.providerMs / 1000) * forwarderGb;
  const platformLog = invocations * assumptions.platformLogBytesPerInvocation + assumptions.accessLogBytesPerRequest;
  const forRequests = {
    'API Gateway': perMillion.httpRequests,
    DynamoDB: writeUnits * perMillion.dynamoWriteUnits + readUnits * perMillion.dynamoReadUnits,
    SQS: queueRequests * perMillion.sqsRequests,
    'Lambda, requests': invocations * perMillion.lambdaRequests,
  };
  const parts = {
    ...forRequests,
    'Lambda, own time': gbSeconds * million * lambdaGbSecond,
    'Lambda, waiting for the provider': waiting * million * lambdaGbSecond,
    'CloudWatch Logs': ((logBytes + platformLog) / gb) * million * logsGb,
  };
  const sum = (dollars: Record<string, number>) => Object.values(dollars).reduce((all, part) => all + part, 0);
  return {
    parts,
    requestsAlone: sum(forRequests),
    total: sum(parts),
    storageAMonth: ((storedBytes * million) / gb) * dynamoGbMonth,
  };
}
