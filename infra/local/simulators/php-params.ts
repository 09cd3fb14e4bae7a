/** Parameters as PHP reads them; nested ones are objects, lists among them by their index. */
export type PhpParams = { [name: string]: string | PhpParams };

/** Reads `calls[0][client]=…` into objects, as PHP does with a query or an urlencoded body. */
export function readPhpParams(...sources: URLSearchParams[]): PhpParams {
  const params = emptyParams();
  for (const source of sources) for (const [name, value] of source) assign(params, name, value);
  return params;
}

function assign(params: PhpParams, name: string, value: string): void {
  const keys = [name.replace(/\[.*/s, ''), ...[...name.matchAll(/\[([^\]]*)\]/g)].map((match) => match[1] ?? '')];
  const last = keys.pop() ?? '';
  let place = params;
  for (const key of keys) {
    const inner = place[keyIn(place, key)];
    const next = typeof inner === 'object' ? inner : emptyParams();
    place[keyIn(place, key)] = next;
    place = next;
  }
  place[keyIn(place, last)] = value;
}

/** `a[]` counts on. */
function keyIn(place: PhpParams, key: string): string {
  return key === '' ? String(Object.keys(place).length) : key;
}

function emptyParams(): PhpParams {
  return Object.create(null) as PhpParams;
}
