import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { indexNames } from '#shared/store/table.ts';

export type Item = Record<string, AttributeValue>;

/** Bytes of an item as DynamoDB counts them: names and values, three for a list or map and one for each of its elements. */
export function itemSize(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueSize(value), 0);
}

function valueSize(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  // In a recorded request, bytes are base64 text.
  if (value.B !== undefined) return Buffer.from(value.B as unknown as string, 'base64').length;
  if (value.N !== undefined) return Math.ceil(value.N.length / 2) + 1;
  if (value.L !== undefined) return value.L.reduce((sum, element) => sum + 1 + valueSize(element), 3);
  if (value.M !== undefined) return itemSize(value.M) + Object.keys(value.M).length + 3;
  return 1;
}

/** Write units of a put: its kilobytes, at least one, and one for each index entry that comes or goes. */
export function writeUnits(before: Item | undefined, after: Item): number {
  const own = Math.max(1, Math.ceil(Math.max(itemSize(before ?? {}), itemSize(after)) / 1024));
  const indexed = indexNames.map((index) => {
    const [old, fresh] = [before, after].map((item) => item?.[`${index}Partition`] && entryOf(item, index));
    if (old === fresh) return 0;
    return (old === undefined ? 0 : 1) + (fresh === undefined ? 0 : 1);
  });
  return own + indexed.reduce<number>((sum, units) => sum + units, 0);
}

function entryOf(item: Item, index: string): string {
  return `${item[`${index}Partition`]?.S} ${item[`${index}Sort`]?.S}`;
}

/** Read units of consistent reads of these items, one for one that is not there. */
export function readUnits(items: (Item | undefined)[]): number {
  return items.reduce((sum, item) => sum + Math.max(1, Math.ceil(itemSize(item ?? {}) / 4096)), 0);
}

/** Read units of a query: what it read is added up before it is rounded, and an index is read with eventual consistency, at half the price. */
export function queryUnits(items: Item[]): number {
  const bytes = items.reduce((sum, item) => sum + itemSize(item), 0);
  return Math.max(1, Math.ceil(bytes / 4096)) / 2;
}
