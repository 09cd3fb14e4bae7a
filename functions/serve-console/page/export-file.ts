import type { Api, Query } from './api.ts';
import { el } from './dom.ts';

/** Reads all leads of a search page by page and hands them to the browser as one file. */
export async function saveFile(api: Api, format: 'csv' | 'ndjson', query: Query): Promise<void> {
  const parts: Blob[] = [];
  let cursor: string | null = null;
  do {
    const page = await api.file({ ...query, format, ...(cursor === null ? {} : { cursor }) });
    parts.push(page.blob);
    cursor = page.cursor;
  } while (cursor !== null);
  const url = URL.createObjectURL(new Blob(parts));
  el('a', { href: url, download: `leads.${format}` }).click();
  // The browser reads the file after the click.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
