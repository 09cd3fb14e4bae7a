import { parentPort, workerData } from 'node:worker_threads';
import { exhaust } from './exhaust.ts';

const { form, everyPair } = workerData as { form: string; everyPair: number };
parentPort?.postMessage(await exhaust(form, everyPair));
