import { csvLine } from '#shared/csv.ts';
import { attributionNames } from '#shared/lead/lead.ts';
import type { ApiLead } from '#shared/operator-api.ts';

export const formats = ['json', 'csv', 'ndjson'] as const;
export type Format = (typeof formats)[number];

const types: Record<string, Format> = { 'text/csv': 'csv', 'application/x-ndjson': 'ndjson' };

/** The format that `Accept` names; JSON unless it names another. */
export function acceptedFormat(accept = ''): Format {
  return types[accept.split(/[,;]/)[0]?.trim().toLowerCase() ?? ''] ?? 'json';
}

/** A lead on each line. */
export function toNdjson(leads: ApiLead[]): string {
  return leads.map((lead) => `${JSON.stringify(lead)}\n`).join('');
}

const facts = ['id', 'createdAt', 'form', 'state', 'phone', 'name', 'email', 'comment', 'subject', 'spam'] as const;
const heads = [...facts, 'deliveries', 'answered', 'talkSeconds', ...attributionNames, 'fields'];

/** A lead on each line, under a line of heads on the first page. The mark in front tells a spreadsheet that the text is UTF-8. */
export function toCsv(leads: ApiLead[], isFirstPage: boolean): string {
  const lines = leads.map((lead) => csvLine(cellsOf(lead)));
  return [...(isFirstPage ? [`\ufeff${csvLine(heads)}`] : []), ...lines].join('');
}

function cellsOf(lead: ApiLead) {
  const { deliveries, calls, attribution, fields } = lead;
  const talked = calls.flatMap(({ talkSeconds }) => talkSeconds ?? []);
  return [
    ...facts.map((fact) => lead[fact]),
    deliveries.map(({ account, state }) => `${account} ${state}`).join('; '),
    calls.length === 0 ? null : calls.some(({ answered }) => answered),
    talked.length === 0 ? null : talked.reduce((sum, seconds) => sum + seconds),
    ...attributionNames.map((name) => attribution[name] ?? null),
    JSON.stringify(fields),
  ];
}
