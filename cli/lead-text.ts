import type { ShownLead } from './lead-answer.ts';

const heads = ['CREATED', 'ID', 'FORM', 'STATE', 'PHONE', 'NAME', 'DELIVERIES'];

/** Leads as a table, a line each. Times are UTC. */
export function leadTable(leads: ShownLead[]): string {
  const rows = leads.map(({ createdAt, id, form, state, phone, name, deliveries }) => [
    minute(createdAt),
    id,
    form,
    state,
    phone,
    plain(name ?? ''),
    deliveries.map((delivery) => `${delivery.account} ${delivery.state}`).join(', '),
  ]);
  return columns([heads, ...rows]);
}

/** One lead with all its deliveries and calls. */
export function leadText(lead: ShownLead): string {
  const { id, form, state, createdAt, phone, name, deliveries, calls } = lead;
  const facts = Object.entries({ id, form, state, created: createdAt, phone, name: plain(name ?? '') });
  const deliveryRows = deliveries.map((delivery) => [
    delivery.kind,
    `${delivery.account} (${delivery.provider ?? 'no longer in the config'})`,
    delivery.state,
    `attempts: ${delivery.attempts}`,
    [delivery.providerId ?? '', plain(delivery.reason ?? ''), delivery.nextAt && `next ${delivery.nextAt}`]
      .filter(Boolean)
      .join('; '),
  ]);
  const callRows = calls.map((call) => [
    call.callId,
    call.status,
    call.answered ? `answered, talked ${call.talkSeconds ?? '?'} s` : 'not answered',
    call.startedAt ?? '',
    call.recordUrl ?? '',
  ]);
  return [columns(facts), section('deliveries', deliveryRows), section('calls', callRows)].join('\n');
}

function section(title: string, rows: string[][]): string {
  return `\n${title}${rows.length === 0 ? ': none' : `\n${columns(rows)}`}`;
}

function columns(rows: string[][]): string {
  const widths = rows[0]?.map((_cell, at) => Math.max(...rows.map((row) => (row[at] ?? '').length))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function minute(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}

/** Visitors and providers write these texts: a control character would steer the operator's terminal. */
function plain(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ');
}
