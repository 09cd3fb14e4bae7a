import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

/** The bucket of the statistics. It outlives the stack: providers forget what it holds. */
export function createStatsBucket(scope: Construct): Bucket {
  const bucket = new Bucket(scope, 'stats', {
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    removalPolicy: RemovalPolicy.RETAIN,
    lifecycleRules: [
      { id: 'forget-query-results', prefix: 'athena-results/', expiration: Duration.days(7) },
      { id: 'end-cut-off-uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
    ],
  });
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason: 'Three functions of this stack and the account itself can read it; CloudTrail tells of both.',
  });
  return bucket;
}
