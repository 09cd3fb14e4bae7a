import { afterAll, beforeAll, describe } from 'vitest';
import { createDynamoTable } from '#shared/store/dynamo-table.ts';
import { createMemoryTable } from '#shared/store/memory-table.ts';
import type { Table } from '#shared/store/table.ts';
import { startDynalite, type TestDatabase } from '../../support/dynalite.ts';

/** Runs a contract over the table in memory and over a real DynamoDB protocol server. `table()` is for use inside tests. */
export function describeOnBothTables(contract: string, tests: (table: () => Table) => void): void {
  describe(`${contract}, in memory`, () => {
    const table = createMemoryTable();
    tests(() => table);
  });

  describe(`${contract}, on DynamoDB`, () => {
    let database: TestDatabase;
    beforeAll(async () => {
      database = await startDynalite();
    });
    afterAll(() => database.stop());
    tests(() => createDynamoTable(database.client, database.tableName));
  });
}
