import { probeMemory } from './probe-memory.ts';

// `npm run -s stats-memory`: a day with a million calls may take 150 MB more than one with ten thousand.
const [few, many] = [await probeMemory(10_000), await probeMemory(1_000_000)];
process.stdout.write(`10,000 calls: ${few.megabytes} MB; 1,000,000 calls: ${many.megabytes} MB\n`);
const isBounded = many.exported === 1_000_000 && many.megabytes - few.megabytes <= 150;
if (!isBounded) process.exitCode = 1;
