import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Lead } from '#shared/lead/lead.ts';
import { createDynamoTable } from '#shared/store/dynamo-table.ts';
import { createLeadStore } from '#shared/store/leads.ts';
import { accountId, credentials, region } from '../../infra/local/aws.ts';
import { startDatabase } from '../../infra/local/database.ts';
import { readAssembly } from '../../infra/local/host.ts';
import { readTemplate, type TableDefinition } from '../../infra/local/template.ts';
import { synthesize } from '../../infra/synthesize.ts';
import { eventOf } from './function-events.ts';
import type { FunctionsWorld } from './functions-world.ts';
import { startScript } from './start-script.ts';
import type { StoredPlan } from './stored-leads.ts';
import { typical } from './typical.ts';

/** The embedded DynamoDB in a process of its own, with the stack's table and so many leads in it. */
export type GrownTable = { stored: number; origin: string };

/** Starts one for each of these sizes. */
export async function startGrownTables(world: FunctionsWorld, sizes: readonly number[]) {
  const folder = await mkdtemp(join(tmpdir(), 'ringback-growth-'));
  const tables: (GrownTable & { stop(): Promise<void> })[] = [];
  const close = async () => {
    for (const { stop } of tables) await stop();
    await rm(folder, { recursive: true });
  };
  try {
    const table = await leadTable(join(folder, 'assembly'));
    const sample = await deliveredLead(world, table, join(folder, 'sample'));
    for (const stored of sizes) {
      const data = join(folder, `stored-${stored}`);
      const plan: StoredPlan = { folder: data, table, history: { sample, stored, now: Date.now() } };
      await writeFile(`${data}.json`, JSON.stringify(plan));
      const server = await startScript(new URL('stored-leads.ts', import.meta.url), [`${data}.json`]);
      tables.push({ stored, ...server });
    }
    return { tables, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** As the template has it, under the name that the bench's functions are told. */
async function leadTable(outDir: string): Promise<TableDefinition> {
  const { template } = readAssembly(await synthesize(typical, outDir));
  const [table] = readTemplate(template, { region, accountId, queueOrigin: '' }).tables;
  if (table === undefined) throw new Error('the template has no table');
  return { ...table, TableName: 'leads' };
}

/** What a lead has become after its way through both functions. */
async function deliveredLead(world: FunctionsWorld, table: TableDefinition, folder: string): Promise<Lead> {
  const database = await startDatabase(folder);
  try {
    await database.create([table]);
    for (const name of ['submit-form', 'forward-lead'] as const) {
      const events = { first: eventOf(name, world.stub), warmUp: [], measured: [], allocating: [] };
      await world.run(name, events, { origin: world.stub.origin, database: database.origin });
    }
    const client = new DynamoDBClient({ endpoint: database.origin, region, credentials });
    const rows = createDynamoTable(client, table.TableName);
    const leads = createLeadStore({ table: rows, newNonce: () => '', clock: Date.now, retention: () => 0 });
    const [key] = await leads.page({ form: 'callback' }, { limit: 1 });
    const lead = await leads.get(key?.id ?? '');
    client.destroy();
    if (lead === undefined) throw new Error('the lead that the others are made from was not stored');
    return lead;
  } finally {
    await database.stop();
  }
}
