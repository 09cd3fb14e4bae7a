import type { PhpParams } from '../php-params.ts';
import type { CallRecord, SimulatorOptions } from '../simulator.ts';
import type { Widgets } from './keys.ts';

export type State = Pick<SimulatorOptions, 'clock' | 'journal' | 'random'> & {
  widgets: Widgets;
  /** By call id. */
  tags: Map<string, string[]>;
  listLag: number;
  /** The calls of this provider's accounts, oldest first. */
  calls(): CallRecord[];
};

/** Answers a method's parameters; throws Refusal. */
export type Handler = (params: PhpParams, address: string) => unknown;
