/** What a command touches of the world around it. */
export type Terminal = {
  env: Readonly<Record<string, string | undefined>>;
  /** Results only: programs read this. */
  print(text: string): void;
  /** Everything meant for people: reasons, notes, help. */
  warn(text: string): void;
  /** How far something has come: takes the place of what it said before, where somebody watches. */
  progress(text: string): void;
  /** Standard input to its end. */
  readInput(): Promise<string>;
};

/** A command cannot do what was asked; the message says what to do about it. */
export class CommandError extends Error {
  override name = 'CommandError';
}
