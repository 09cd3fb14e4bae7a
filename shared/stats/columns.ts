export type ColumnType = 'text' | 'integer' | 'boolean' | 'timestamp';
/** A timestamp is milliseconds since 1970 UTC. */
export type Cell = string | number | boolean | null;

/** The columns of every file of a data set, in order. */
export type Columns = Readonly<Record<string, ColumnType>>;
/** A record that is exported: a cell for each column, among them `raw`, the record as the provider gave it. */
export type Row = Readonly<Record<string, Cell>> & { raw: string };

/** The `raw` of a record whose person was erased. */
export const erasedRecord = '{}';
