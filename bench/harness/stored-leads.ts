import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { startDatabase } from '../../infra/local/database.ts';
import type { TableDefinition } from '../../infra/local/template.ts';
import { seedRows } from './seed-rows.ts';
import type { History } from './stored-rows.ts';

export type StoredPlan = { folder: string; table: TableDefinition; history: Omit<History, 'newNonce'> };

// A process of its own: the embedded DynamoDB with a history in it.
const newNonce = () => randomUUID().replaceAll('-', '');
const { folder, table, history }: StoredPlan = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const empty = await startDatabase(folder);
await empty.create([table]);
await empty.stop();
await seedRows(folder, table, { ...history, newNonce });
const { origin } = await startDatabase(folder);
process.stdout.write(`ready ${origin}\n`);
