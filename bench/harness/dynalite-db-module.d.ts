declare module 'dynalite/db/index.js' {
  import type { AttributeValue } from '@aws-sdk/client-dynamodb';
  import type { TableDefinition } from '../../infra/local/template.ts';

  type Item = Record<string, AttributeValue>;

  /** Under which key of its store dynalite keeps a row. */
  export function createKey(item: Item, table: TableDefinition): string;

  /** What the indexes have to say of a row: under which keys, and what. */
  export function getIndexActions(
    indexes: NonNullable<TableDefinition['GlobalSecondaryIndexes']>,
    existing: Item | undefined,
    item: Item | undefined,
    table: TableDefinition,
  ): { puts: { index: string; key: string; item: Item }[] };
}
