import { DatabaseSync } from 'node:sqlite';
import fastify from 'fastify';

const [file = '', provider = ''] = process.argv.slice(2);

/**
 * What one would write by hand: Fastify and SQLite on one machine. A form is stored durably before it is answered, once by its key,
 * and a worker in the same process hands it to the provider. Whatever a kill cuts off is sent again at the next start, rung twice or not.
 */
const database = new DatabaseSync(file);
database.exec(`
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE IF NOT EXISTS leads (id INTEGER PRIMARY KEY, key TEXT UNIQUE, fields TEXT NOT NULL, sent INTEGER NOT NULL DEFAULT 0);
  CREATE INDEX IF NOT EXISTS unsent ON leads (id) WHERE sent = 0;
`);
const insert = database.prepare('INSERT OR IGNORE INTO leads (key, fields) VALUES (?, ?)');
const unsent = database.prepare('SELECT id, fields FROM leads WHERE sent = 0 ORDER BY id LIMIT 10');
const markSent = database.prepare('UPDATE leads SET sent = 1 WHERE id = ?');

const retryMs = 1_000;
let working = false;

async function work(): Promise<void> {
  if (working) return;
  working = true;
  try {
    for (let batch = unsent.all(); batch.length > 0; batch = unsent.all()) {
      await Promise.all(batch.map(({ id, fields }) => forward(Number(id), String(fields))));
    }
  } catch {
    // What the provider did not take is unsent still.
    setTimeout(() => void work(), retryMs);
  } finally {
    working = false;
  }
}

async function forward(id: number, fields: string): Promise<void> {
  const { phone, name, comment } = JSON.parse(fields) as Record<string, string>;
  const body = new URLSearchParams({ client: phone?.replace('+', '') ?? '', text_to_manager: `${name}: ${comment}` });
  const response = await fetch(`${provider}/orderCall`, { method: 'POST', body });
  await response.json();
  if (response.ok) markSent.run(id);
}

const server = fastify();
server.post('/f/:form', async (request, reply) => {
  const fields = request.body as { phone?: string };
  if (!/^\+\d{10,15}$/.test(fields.phone ?? '')) return reply.code(422).send({ ok: false });
  insert.run(String(request.headers['idempotency-key']), JSON.stringify(fields));
  setImmediate(() => void work());
  return reply.code(202).send({ ok: true });
});
const address = await server.listen({ port: 0, host: '127.0.0.1' });
void work();
process.stdout.write(`ready ${address}\n`);
