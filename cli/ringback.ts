import { text } from 'node:stream/consumers';
import { createProgress } from './progress.ts';
import { runRingback } from './run-ringback.ts';

process.exitCode = await runRingback(process.argv.slice(2), {
  env: process.env,
  print: (line) => void process.stdout.write(`${line}\n`),
  warn: (line) => void process.stderr.write(`${line}\n`),
  progress: createProgress(process.stderr),
  readInput: () => text(process.stdin),
});
