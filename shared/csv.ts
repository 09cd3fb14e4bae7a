/** A spreadsheet takes a cell that begins like this for a formula. */
const formulaStart = /^[=+\-@\t\r\n＝＋－＠]/;
/** Where one separates cells by these, whatever the quotes say, as Excel does in Russian, a formula may begin after each. */
const formulaInside = /([;\t\r\n])(?=[=+\-@＝＋－＠])/g;
/** A number to a spreadsheet, so nothing that runs. */
const phone = /^\+\d+$/;

/**
 * One line of CSV (RFC 4180), texts in quotes and null as nothing between the commas. An apostrophe in front keeps a formula from running;
 * a phone in E.164 stays as it is, so that programs read it back the same.
 */
export function csvLine(cells: readonly (string | number | boolean | null)[]): string {
  return `${cells.map(toCell).join(',')}\r\n`;
}

function toCell(value: string | number | boolean | null): string {
  if (typeof value !== 'string') return value === null ? '' : String(value);
  const harmless = formulaStart.test(value) && !phone.test(value) ? `'${value}` : value;
  return `"${harmless.replaceAll(formulaInside, "$1'").replaceAll('"', '""')}"`;
}
