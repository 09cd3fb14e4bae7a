import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { type IndexName, indexNames } from '#shared/store/table.ts';

/** The one table: rows by `pk`, an index for each of `indexNames`. It outlives the stack, for leads cannot be made again. */
export function createLeadTable(scope: Construct): Table {
  const table = new Table(scope, 'leads', {
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    encryption: TableEncryption.AWS_MANAGED,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    timeToLiveAttribute: 'ttl',
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  for (const index of indexNames) {
    table.addGlobalSecondaryIndex({
      indexName: index,
      partitionKey: { name: `${index}Partition`, type: AttributeType.STRING },
      sortKey: { name: `${index}Sort`, type: AttributeType.STRING },
      projectionType: ProjectionType.KEYS_ONLY,
    });
  }
  return table;
}

/** ARN of an index, for a policy: a Query on one index needs no right to the other. */
export function indexArn(table: Table, index: IndexName): string {
  return `${table.tableArn}/index/${index}`;
}
