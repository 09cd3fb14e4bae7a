import { type Html, html } from '#shared/http/html.ts';
import type { ApiLead } from '#shared/operator-api.ts';
import { plot, plotLying, plotWeek } from './chart.ts';
import { type Figure, missedLeads, outcomes, perDay, perHour, perSource, type Report, timesToCall } from './figures.ts';
import { style } from './style.ts';

/** First and last day. */
export type ReportPeriod = { from: string; to: string };

/** The report as one page that needs nothing from anywhere. */
export function reportPage(report: Report, { from, to }: ReportPeriod): string {
  const title = `${from} to ${to}, times of ${report.timeZone}`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Leads and calls, ${title}</title>
<style>${{ html: style }}</style>
</head>
<body>
<header>
<h1>Leads and calls</h1>
<p>${title}</p>
<ul class="sums">${sums(report)}</ul>
</header>
<main>
${missed(report)}
${plots(report)}
</main>
</body>
</html>
`;
  return page.html;
}

function sums({ leads, calls }: Report): Html[] {
  const answered = calls.filter((call) => call.answered).length;
  const rate = calls.length === 0 ? '–' : `${Math.round((100 * answered) / calls.length)}%`;
  const numbers = { leads: String(leads.length), calls: String(calls.length), answered: rate };
  return Object.entries(numbers).map(([name, value]) => html`<li><b>${value}</b> ${name}</li>`);
}

function plots(report: Report): Html[] {
  const days = perDay(report);
  const times = timesToCall(report);
  const results = outcomes(report);
  const hours = perHour(report);
  const sources = perSource(report);
  const medians = `median to the ring ${duration(times.medians.ring)}, to the answer ${duration(times.medians.answer)}`;
  const labels = results.rows.map(([outcome, side]) => (side === 'none' ? String(outcome) : `${outcome}, ${side}`));
  const counts = results.rows.map((row) => Number(row[2]));
  return [
    section('Leads and calls per day', plot(days, ['Leads', 'Calls', 'Answered'], 'bar'), days),
    section('Answered calls, percent', plot(days, ['Answered, %'], 'line'), days),
    section(`From form to phone: ${medians}`, plot(times, ['Phone rang', 'Answered'], 'bar'), times),
    section('Outcomes, and whose side failed', plotLying(labels, counts), results),
    section('Calls by hour and weekday', plotWeek(hours), hours),
    section('By utm_source', plot(sources, ['Leads', 'Calls', 'Answered'], 'bar'), sources),
  ];
}

/** A plot and beside it, for whoever wants the numbers or cannot see it, the same as a table. */
function section(title: string, svg: string, figure: Figure): Html {
  return html`<section>
<h2>${title}</h2>
<figure role="img" aria-label="${title}">${{ html: svg }}</figure>
<details open><summary>Numbers</summary><div class="table">${table(figure)}</div></details>
</section>`;
}

function table({ heads, rows }: Figure): Html {
  const body = rows.map(
    (row) => html`<tr>${row.map((cell) => html`<td>${cell === null ? '' : String(cell)}</td>`)}</tr>`,
  );
  return html`<table><thead><tr>${heads.map((head) => html`<th>${head}</th>`)}</tr></thead><tbody>${body}</tbody></table>`;
}

function missed(report: Report): Html {
  const leads = missedLeads(report);
  if (leads.length === 0) return html`<section class="wide"><h2>Nobody waits for a call</h2></section>`;
  const minute = new Intl.DateTimeFormat('sv-SE', {
    timeZone: report.timeZone,
    dateStyle: 'short',
    timeStyle: 'short',
  });
  const rows = leads.map((lead) => {
    const { createdAt, phone, name, form } = lead;
    return html`<tr><td>${minute.format(Date.parse(createdAt))}</td><td><a href="tel:${phone}">${phone}</a></td>
<td>${name ?? ''}</td><td>${form}</td><td>${whyMissed(lead, report)}</td></tr>`;
  });
  return html`<section class="wide">
<h2>To call back now: ${String(leads.length)}</h2>
<div class="table"><table>
<thead><tr><th>Sent</th><th>Phone</th><th>Name</th><th>Form</th><th>What became of it</th></tr></thead>
<tbody>${rows}</tbody>
</table></div>
</section>`;
}

/** What its last call came to, else how far its delivery got. */
function whyMissed({ id, deliveries }: ApiLead, { calls }: Report): string {
  const last = calls.filter(({ leadId }) => leadId === id).at(-1);
  if (last !== undefined) return last.failedSide === null ? last.outcome : `${last.outcome} (${last.failedSide})`;
  const call = deliveries.find(({ kind }) => kind === 'call');
  return [call?.state ?? '', call?.reason ?? ''].filter((part) => part !== '').join(': ');
}

function duration(seconds: number | null): string {
  if (seconds === null) return '–';
  return seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}
