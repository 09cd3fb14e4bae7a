import { Stack } from 'aws-cdk-lib';
import { CfnNamedQuery, CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Config } from '#shared/config/schema.ts';
import type { ColumnType } from '#shared/stats/columns.ts';
import { callSet, type DataSetName, leadSet } from '#shared/stats/data-set.ts';
import { namedQueries } from './named-queries.ts';

const hiveTypes: Record<ColumnType, string> = {
  text: 'string',
  integer: 'int',
  boolean: 'boolean',
  timestamp: 'timestamp',
};

const partitionKeys = ['provider', 'account', 'date'];
const firstDay = '2015-01-01';

type Accounts = Config['accounts'];

/** Calls and leads as tables for SQL, and a workgroup with the questions that owners ask. */
export function createAthena(scope: Construct, bucket: Bucket, accounts: Record<DataSetName, Accounts>): void {
  const { account: catalogId, stackName } = Stack.of(scope);
  const name = stackName.replaceAll('-', '_');
  const database = new CfnDatabase(scope, 'stats-database', { catalogId, databaseInput: { name } });
  for (const set of [callSet, leadSet]) {
    const listed = accounts[set.name];
    if (Object.keys(listed).length > 0) createTable(scope, set, database, bucket, listed);
  }
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

function createTable(
  scope: Construct,
  { name, columns, schema }: Pick<typeof callSet, 'name' | 'columns' | 'schema'>,
  database: CfnDatabase,
  bucket: Bucket,
  accounts: Accounts,
): void {
  const table = new CfnTable(scope, `${name}-table`, {
    catalogId: database.catalogId,
    databaseName: Stack.of(scope).stackName.replaceAll('-', '_'),
    tableInput: {
      name,
      tableType: 'EXTERNAL_TABLE',
      partitionKeys: partitionKeys.map((key) => ({ name: key, type: 'string' })),
      parameters: { EXTERNAL: 'TRUE', ...projection(`s3://${bucket.bucketName}/athena/${name}`, accounts) },
      storageDescriptor: {
        location: `s3://${bucket.bucketName}/athena/${name}/`,
        // What lies there are lists of files, so that a day changes from one set of files to the next at once.
        inputFormat: 'org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat',
        outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
        serdeInfo: { serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
        columns: Object.entries(columns)
          .filter(([column]) => !partitionKeys.includes(column))
          .map(([column, type]) => ({
            name: column.toLowerCase(),
            type: hiveTypes[type],
            comment: schema.shape[column]?.description?.slice(0, 255) ?? '',
          })),
      },
    },
  });
  table.addResourceDependency(database);
}

/** Partitions are worked out from the query and not looked up, so that none ever has to be added. */
function projection(location: string, accounts: Accounts): Record<string, string> {
  const providers = [...new Set(Object.values(accounts).map(({ provider }) => provider))];
  return {
    'projection.enabled': 'true',
    'projection.provider.type': 'enum',
    'projection.provider.values': providers.join(','),
    'projection.account.type': 'enum',
    'projection.account.values': Object.keys(accounts).join(','),
    'projection.date.type': 'date',
    'projection.date.format': 'yyyy-MM-dd',
    'projection.date.range': `${firstDay},NOW+1DAYS`,
    'storage.location.template': `${location}/provider=\${provider}/account=\${account}/date=\${date}`,
  };
}
