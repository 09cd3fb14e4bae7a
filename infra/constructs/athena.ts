import { Stack } from 'aws-cdk-lib';
import { CfnNamedQuery, CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Config } from '#shared/config/schema.ts';
import { providerNamed } from '#shared/providers/registry.ts';
import { type ColumnType, callColumns, callSchema, columnNames } from '#shared/stats/call.ts';
import { namedQueries } from './named-queries.ts';

const hiveTypes: Record<ColumnType, string> = {
  text: 'string',
  integer: 'int',
  boolean: 'boolean',
  timestamp: 'timestamp',
};

const partitionKeys = ['provider', 'account', 'date'];
const firstDay = '2015-01-01';

/** The calls as a table for SQL, and a workgroup with the questions that owners ask. */
export function createAthena(scope: Construct, bucket: Bucket, config: Pick<Config, 'accounts'>): void {
  const { account: catalogId, stackName } = Stack.of(scope);
  const name = stackName.replaceAll('-', '_');
  const database = new CfnDatabase(scope, 'stats-database', { catalogId, databaseInput: { name } });
  const table = new CfnTable(scope, 'calls-table', {
    catalogId,
    databaseName: name,
    tableInput: {
      name: 'calls',
      tableType: 'EXTERNAL_TABLE',
      partitionKeys: partitionKeys.map((key) => ({ name: key, type: 'string' })),
      parameters: { EXTERNAL: 'TRUE', ...projection(bucket, config) },
      storageDescriptor: {
        location: `s3://${bucket.bucketName}/athena/calls/`,
        // What lies there are lists of files, so that a day changes from one set of files to the next at once.
        inputFormat: 'org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat',
        outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
        serdeInfo: { serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
        columns: columnNames
          .filter((column) => !partitionKeys.includes(column))
          .map((column) => ({
            name: column.toLowerCase(),
            type: hiveTypes[callColumns[column]],
            comment: callSchema.shape[column].description?.slice(0, 255) ?? '',
          })),
      },
    },
  });
  table.addResourceDependency(database);
  const workgroup = new CfnWorkGroup(scope, 'stats-workgroup', {
    name: stackName,
    workGroupConfiguration: {
      enforceWorkGroupConfiguration: true,
      resultConfiguration: {
        outputLocation: `s3://${bucket.bucketName}/athena-results/`,
        encryptionConfiguration: { encryptionOption: 'SSE_S3' },
      },
    },
  });
  for (const [query, { description, sql }] of Object.entries(namedQueries)) {
    const named = new CfnNamedQuery(scope, `query-${query}`, {
      database: name,
      workGroup: stackName,
      name: query,
      description,
      queryString: sql,
    });
    named.addResourceDependency(workgroup);
  }
}

/** Partitions are worked out from the query and not looked up, so that none ever has to be added. */
function projection(bucket: Bucket, { accounts }: Pick<Config, 'accounts'>): Record<string, string> {
  const listed = Object.entries(accounts).filter(([, account]) => providerNamed(account.provider).hasStats(account));
  const providers = [...new Set(listed.map(([, { provider }]) => provider))];
  return {
    'projection.enabled': 'true',
    'projection.provider.type': 'enum',
    'projection.provider.values': providers.join(','),
    'projection.account.type': 'enum',
    'projection.account.values': listed.map(([id]) => id).join(','),
    'projection.date.type': 'date',
    'projection.date.format': 'yyyy-MM-dd',
    'projection.date.range': `${firstDay},NOW+1DAYS`,
    'storage.location.template': `s3://${bucket.bucketName}/athena/calls/provider=\${provider}/account=\${account}/date=\${date}`,
  };
}
