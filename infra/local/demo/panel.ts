import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { type Html, html } from '#shared/http/html.ts';
import type { SimulatedCall } from '../simulators/simulator.ts';
import type { DemoLead, DemoState } from './state.ts';
import { phoneWords, type Step, timelineOf } from './timeline.ts';

const handset = html`<span class="handset" aria-hidden="true"><svg viewBox="0 0 24 24"><path d="M6.6 10.8c1.4 2.8 3.8 5.1 6.6 6.6l2.2-2.2c.3-.3.7-.4 1-.2 1.1.4 2.3.6 3.6.6.6 0 1 .4 1 1V20c0 .6-.4 1-1 1C10.6 21 3 13.4 3 4c0-.6.4-1 1-1h3.5c.6 0 1 .4 1 1 0 1.2.2 2.4.6 3.6.1.3 0 .7-.2 1l-2.3 2.2z"/></svg></span>`;

/** The phones and the leads' timelines; `data-news` is what a screen reader is told when it changes. Pure. */
export function panel({ calls, leads }: DemoState, now: number): Html {
  const newest = calls[0];
  const news = newest ? `${phoneNumber(newest.client)}: ${phoneWords(newest, now)}` : '';
  return html`<div class="panel" data-news="${news}" data-moving="${isMoving({ calls, leads }) ? 'yes' : 'no'}">
<h2>Phones</h2>
${
  calls.length > 0
    ? html`<ul class="phones">${calls.map((call) => phone(call, now))}</ul>`
    : html`<p class="empty">No phone has rung yet. Send the form, and watch this place.</p>`
}
<h2>Leads</h2>
${
  leads.length > 0
    ? html`<ul class="leads">${leads.map((lead) => leadCard(lead, calls, now))}</ul>`
    : html`<p class="empty">A form that was sent appears here, with all that became of it.</p>`
}
</div>`;
}

/** Will the panel look different in a moment? */
export function isMoving({ calls, leads }: DemoState): boolean {
  return calls.some(({ state }) => state !== 'over') || leads.some(({ state }) => state === 'open');
}

function phone(call: SimulatedCall, now: number): Html {
  const hears =
    call.text === ''
      ? ''
      : html`<figure class="hears"><figcaption>The manager hears</figcaption><blockquote>${call.text}</blockquote></figure>`;
  return html`<li class="phone" data-state="${call.state}">
<div class="screen">${handset}<p class="phone-state">${phoneWords(call, now)}</p><p class="number">${phoneNumber(call.client)}</p></div>
<div class="about">${hears}<p class="small">account ${call.account}, call ${call.id}, status ${call.status}, at ${time(call.ringAt, clockFormat.format(call.ringAt))}</p></div>
</li>`;
}

function leadCard(lead: DemoLead, calls: readonly SimulatedCall[], now: number): Html {
  const steps = timelineOf(lead, calls, now).map((step) => timelineStep(step, lead.createdAt));
  return html`<li class="lead"><h3>${phoneNumber(lead.phone)} <span class="badge" data-state="${lead.state}">${lead.state}</span></h3>
<ol class="timeline">${steps}</ol><p class="small">form ${lead.form}, ${dayFormat.format(lead.createdAt)}, lead ${lead.id}</p></li>`;
}

function timelineStep({ title, detail, at, state = 'received' }: Step, start: number): Html {
  const when = at === undefined ? '' : time(at, at === start ? clockFormat.format(at) : sinceWords(at - start));
  return html`<li data-state="${state}"><span class="when">${when}</span> <span class="what"><b>${title}</b> ${detail}</span></li>`;
}

function sinceWords(ms: number): string {
  if (ms < 100_000) return `+${(Math.max(0, ms) / 1000).toFixed(1)} s`;
  return ms < 7_200_000 ? `+${Math.round(ms / 60_000)} min` : `+${Math.round(ms / 3_600_000)} h`;
}

const clockFormat = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const dayFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' });

function time(at: number, words: string): Html {
  return html`<time datetime="${new Date(at).toISOString()}">${words}</time>`;
}

/** `79991234567` or `+79991234567` as people read it; an extension stays as it was ordered. */
function phoneNumber(digits: string): string {
  return parsePhoneNumberFromString(`+${digits.replace('+', '')}`)?.formatInternational() ?? digits;
}
