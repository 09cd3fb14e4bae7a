import { createCallkeeperSimulator } from './callkeeper.ts';
import { createCalltouchSimulator } from './calltouch.ts';
import { createPozvonimSimulator } from './pozvonim.ts';
import type { Simulator, SimulatorOptions } from './simulator.ts';

/** The simulated providers by name; an account that brings its own address (a webhook) needs none. */
export const simulators: Readonly<Record<string, (options: SimulatorOptions) => Simulator>> = {
  callkeeper: createCallkeeperSimulator,
  calltouch: createCalltouchSimulator,
  pozvonim: createPozvonimSimulator,
};
