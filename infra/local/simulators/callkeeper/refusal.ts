/** An answer of "Форматы ошибок при неудачном запросе", REST API document. */
export class Refusal extends Error {
  override name = 'Refusal';
  readonly status: number;

  constructor(status: number, reason: string) {
    super(reason);
    this.status = status;
  }
}

export const noWidget = () => new Refusal(400, "Key 'whash' and 'walias' are not defined!");
export const wrongType = () => new Refusal(406, 'Wrong data type!');
export const notEnough = () => new Refusal(409, 'Not enough values');
export const invalidNumber = () => new Refusal(409, 'Invalid manager or client phone number');
export const noPhone = () => new Refusal(409, 'Phone not provided or invalid');
