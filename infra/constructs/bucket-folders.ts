import { Validations } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';

/** All objects below these folders of the bucket. */
export function objects(bucket: Bucket, ...folders: string[]): string[] {
  return folders.map((folder) => bucket.arnForObjects(`${folder}/*`));
}

/** cdk-nag names each finding by the logical id of the bucket. */
export function acknowledgeObjects({ role, stack }: LambdaFunction, bucket: Bucket, ...folders: string[]): void {
  if (role === undefined) throw new Error('a function of this stack has a role');
  const bucketId = stack.getLogicalId(bucket.node.defaultChild as CfnBucket);
  for (const folder of folders) {
    Validations.of(role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::<${bucketId}.Arn>/${folder}/*]`,
      reason: 'A day of calls is a folder of objects, whose names are made while the calls are pulled.',
    });
  }
}
