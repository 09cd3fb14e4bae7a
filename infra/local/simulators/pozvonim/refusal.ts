/** An answer of "Обработка ошибок", v2u document. It names one code only; the others here are made up in its manner. */
export class Refusal extends Error {
  override name = 'Refusal';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export const notFound = (what: string) =>
  new Refusal(404, `${what}-NOT-FOUND`, `There is no such ${what.toLowerCase()}`);
export const invalid = (name: string, rule: string) => new Refusal(400, 'GEN-VALIDATION-ERROR', `${name}: ${rule}`);
