import type { Requests } from '../sections/requests.ts';
import { assumptions, prices } from './prices.ts';

const gb = 1024 ** 3;
const million = 1_000_000;
/** Of the function that waits for the provider. */
const forwardGb = 0.5;

/** What a million such leads cost in dollars, each rung by one provider: requests, computing and logs. What is stored is paid by the month. */
export function pricePerMillion(requests: Requests) {
  const { perMillion, lambdaGbSecond, logsGb, dynamoGbMonth } = prices;
  const { writeUnits, readUnits, queueRequests, invocations, gbSeconds, logBytes, storedBytes } = requests;
  const waiting = (assumptions.providerMs / 1000) * forwardGb;
  const platformLog = invocations * assumptions.platformLogBytesPerInvocation + assumptions.accessLogBytesPerRequest;
  const parts = {
    'API Gateway': perMillion.httpRequests,
    DynamoDB: writeUnits * perMillion.dynamoWriteUnits + readUnits * perMillion.dynamoReadUnits,
    SQS: queueRequests * perMillion.sqsRequests,
    'Lambda, requests': invocations * perMillion.lambdaRequests,
    'Lambda, own time': gbSeconds * million * lambdaGbSecond,
    'Lambda, waiting for the provider': waiting * million * lambdaGbSecond,
    'CloudWatch Logs': ((logBytes + platformLog) / gb) * million * logsGb,
  };
  const total = Object.values(parts).reduce((sum, part) => sum + part, 0);
  return { parts, total, storageAMonth: ((storedBytes * million) / gb) * dynamoGbMonth };
}
