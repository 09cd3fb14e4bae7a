/** Where each price stands, for the region below: pages of aws.amazon.com. */
export const pages = {
  'DynamoDB, on demand': 'dynamodb/pricing/on-demand',
  Lambda: 'lambda/pricing',
  'API Gateway, HTTP APIs': 'api-gateway/pricing',
  'SQS, standard queues': 'sqs/pricing',
  'EventBridge Scheduler': 'eventbridge/pricing',
  'S3, standard requests': 's3/pricing',
  'CloudWatch, logs, metrics, alarms, dashboards': 'cloudwatch/pricing',
  'KMS, a key': 'kms/pricing',
  'VPC, public IPv4 address and NAT gateway': 'vpc/pricing',
  'EC2, t4g.nano': 'ec2/pricing/on-demand',
  'EBS, gp3': 'ebs/pricing',
};

/**
 * List prices in US dollars without tax and without any free tier. They were typed in as remembered, not fetched:
 * look them up on the pages above before you rely on them.
 */
export const prices = {
  region: 'eu-central-1',
  asOf: '2025-06',
  perMillion: {
    dynamoWriteUnits: 0.7625,
    dynamoReadUnits: 0.1525,
    sqsRequests: 0.4,
    lambdaRequests: 0.2,
    httpRequests: 1.2,
    scheduledRuns: 1,
    s3Writes: 5.4,
    s3Reads: 0.43,
  },
  lambdaGbSecond: 0.0000133334,
  logsGb: 0.63,
  /** A month each. */
  metric: 0.3,
  alarm: 0.1,
  key: 1,
  dashboard: 3,
  dynamoGbMonth: 0.306,
  /** The address, and the machine or gateway with its disk. */
  egress: {
    none: 0,
    // Hours of a month, by the hour's price; gigabytes of disk by the month's.
    'nat-instance': 0.005 * 730 + 0.0048 * 730 + 8 * 0.0952,
    'nat-gateway': 0.005 * 730 + 0.052 * 730,
  },
};

/** What was not counted but is documented by AWS or assumed, and why. */
export const assumptions = {
  /** Long polls of 20 s that Lambda keeps open on an idle queue (AWS Lambda Developer Guide: it begins with five). */
  idlePollsPerQueueAndMonth: (5 * 30 * 86_400) / 20,
  /** START, END and REPORT lines of Lambda, which a local run does not write. */
  platformLogBytesPerInvocation: 350,
  accessLogBytesPerRequest: 300,
  /** The simulators answer at once; a real provider takes about this long. */
  providerMs: 500,
  /** retentionDays is a year unless a form says otherwise. */
  monthsKept: 12,
  sweepsPerMonth: 30 * 24 * 60,
  /** Half a unit for what is due, and half a unit for what waits for a person. */
  readsPerSweep: 1,
  pullsPerMonth: 30 * 24,
  /** An hourly pull reads the calls of the day so far again: on average half a day, 24 times. */
  readingsOfEachCall: 12,
};
