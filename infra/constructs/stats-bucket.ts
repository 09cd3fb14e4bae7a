import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, type LifecycleRule, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

/** The bucket of the statistics. It outlives the stack: providers forget what it holds. A day is kept for `retentionDays` after it was last written. */
export function createStatsBucket(scope: Construct, retentionDays: number): Bucket {
  const bucket = new Bucket(scope, 'stats', {
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    removalPolicy: RemovalPolicy.RETAIN,
    lifecycleRules: [
      // A manifest goes first, for it names the files.
      ...['manifests/', 'athena/'].map((prefix) => expire(prefix, retentionDays)),
      ...['calls/', 'leads/'].map((prefix) => expire(prefix, retentionDays + 1)),
      { id: 'forget-query-results', prefix: 'athena-results/', expiration: Duration.days(7) },
      { id: 'end-cut-off-uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
    ],
  });
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason:
      'Only functions of this stack that handle statistics and the account itself can read it; its log would have to be kept as long.',
  });
  return bucket;
}

function expire(prefix: string, days: number): LifecycleRule {
  return { id: `forget-${prefix.slice(0, -1)}`, prefix, expiration: Duration.days(days) };
}
