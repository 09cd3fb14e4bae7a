/** Where a row stands in an index; `sort` begins with an ISO instant, so that text order is time order. */
export type Position = { partition: string; sort: string };

/**
 * One item of the table. Every write names the version that it replaces, so all the rest of the store is
 * "read, decide, write if nobody was faster".
 */
export type Row<Value = unknown> = {
  pk: string;
  /** 1 for the first write, one more with each. */
  version: number;
  /** Nonce of the write, by which a writer whose answer was lost recognises its own work. */
  writer: string;
  value: Value;
  /** Sparse index of what has to be done, by the instant when it is due. */
  work?: Position;
  /** Sparse index of what a person has to look at. */
  review?: Position;
  /** Index of the leads of a form by time. */
  list?: Position;
  /** When the row may be deleted, milliseconds since 1970 UTC. */
  expiresAt?: number;
};

export const indexNames = ['work', 'review', 'list'] as const;
export type IndexName = (typeof indexNames)[number];

export type RowKey = { pk: string; sort: string };

export type IndexQuery = {
  index: IndexName;
  partition: string;
  /** Inclusive lower and exclusive upper bound of `sort`. */
  from?: string;
  before?: string;
  order: 'ascending' | 'descending';
  limit: number;
};

/** The only subset of DynamoDB that Ringback uses: keyed reads, single-item conditional writes, a Query on an index. */
export type Table = {
  get(pk: string): Promise<Row | undefined>;
  /** The same for half the price: the row may be older than the last write, or not be there yet. */
  glance(pk: string): Promise<Row | undefined>;
  /** Reads up to 100 rows; those that do not exist are left out. */
  getMany(pks: string[]): Promise<Row[]>;
  /** Writes if the stored row has version `row.version - 1` (0: if there is none); false when it has not. */
  put(row: Row): Promise<boolean>;
  query(query: IndexQuery): Promise<RowKey[]>;
};
