import { unpack } from '#shared/store/pack.ts';
import type { Services } from '../../infra/local/function-environment.ts';
import type { Watch } from '../../infra/local/host.ts';
import { type Recorded, startRecordingProxy } from '../../test/support/recording-proxy.ts';
import { type Item, itemSize, queryUnits, readUnits, writeUnits } from './capacity.ts';

/** What functions did: requests by service, invocations and milliseconds by function, bytes of log. */
export type Counts = {
  writes: number;
  writeUnits: number;
  reads: number;
  readUnits: number;
  queries: number;
  itemBytes: number;
  /** Of the lead that was stored last, as JSON. */
  leadBytes: number;
  /** Of the largest row that a lead was. */
  largestRow: number;
  sends: number;
  s3Writes: number;
  s3Reads: number;
  logBytes: number;
  functions: Record<string, { invocations: number; ms: number }>;
};

const zero = (): Counts => ({
  writes: 0,
  writeUnits: 0,
  reads: 0,
  readUnits: 0,
  queries: 0,
  itemBytes: 0,
  leadBytes: 0,
  largestRow: 0,
  sends: 0,
  s3Writes: 0,
  s3Reads: 0,
  logBytes: 0,
  functions: {},
});

function bytesOfValue({ value }: Item): number {
  return Buffer.byteLength(JSON.stringify(unpack(Buffer.from(String(value?.B), 'base64'))));
}

/** Counts between `reset` and `counts`, over any number of hosts. */
export function createCounter() {
  const stored = new Map<string, Item>();
  const closes: (() => Promise<void>)[] = [];
  let counts = zero();

  const database = ({ action, body, answer }: Recorded) => {
    const asked = JSON.parse(body);
    if (action === 'PutItem') {
      const key = asked.Item.pk.S;
      const known = stored.get(key);
      counts.writes++;
      if (answer === '{}') {
        counts.writeUnits += writeUnits(known, asked.Item);
        counts.itemBytes += itemSize(asked.Item) - itemSize(known ?? {});
        if (key.startsWith('lead#')) {
          if (known === undefined) counts.leadBytes = bytesOfValue(asked.Item);
          counts.largestRow = Math.max(counts.largestRow, itemSize(asked.Item));
        }
        stored.set(key, asked.Item);
      } else {
        // A condition that was not met: the item is paid for, its indexes are not touched.
        counts.writeUnits += writeUnits(known, known ?? {});
      }
    } else if (action === 'UpdateItem') {
      // A counter: a small row in no index.
      counts.writes++;
      counts.writeUnits++;
    } else if (action === 'GetItem') {
      counts.reads++;
      counts.readUnits += readUnits([JSON.parse(answer).Item]) * (asked.ConsistentRead ? 1 : 0.5);
    } else if (action === 'BatchGetItem') {
      const [items] = Object.values(JSON.parse(answer).Responses as Record<string, Item[]>);
      counts.reads++;
      const [wanted] = Object.values(asked.RequestItems as Record<string, { Keys: Item[] }>);
      // One that is not there is paid for, too.
      const missing = Array.from<undefined>({ length: (wanted?.Keys.length ?? 0) - (items?.length ?? 0) });
      counts.readUnits += readUnits([...(items ?? []), ...missing]);
    } else if (action === 'Query') {
      counts.queries++;
      counts.readUnits += queryUnits(JSON.parse(answer).Items);
    } else throw new Error(`${action} is not counted yet`);
  };
  const queues = () => void counts.sends++;
  const buckets = ({ action }: Recorded) =>
    void (action === 'GET' || action === 'HEAD' ? counts.s3Reads++ : counts.s3Writes++);

  const watch: Watch = {
    async between(services): Promise<Services> {
      const pass = async (target: string, record: (recorded: Recorded) => void) => {
        const { origin, close } = await startRecordingProxy(target, record);
        closes.push(close);
        return origin;
      };
      return {
        ...services,
        database: await pass(services.database, database),
        queues: await pass(services.queues, queues),
        buckets: await pass(services.buckets, buckets),
      };
    },
    invoked(name, ms) {
      const known = counts.functions[name] ?? { invocations: 0, ms: 0 };
      counts.functions[name] = { invocations: known.invocations + 1, ms: known.ms + ms };
    },
  };
  return {
    watch,
    log: (line: string) => {
      counts.logBytes += Buffer.byteLength(line) + 26;
    },
    reset: () => {
      counts = zero();
    },
    counts: () => structuredClone(counts),
    close: () => Promise.all(closes.map((close) => close())),
  };
}
