import type { Context } from './context.ts';
import { el } from './dom.ts';
import { leadCard } from './lead-card.ts';

/** One lead, whole. */
export async function leadView(id: string, context: Context): Promise<Node[]> {
  const lead = await context.api.lead(id);
  const toList = '#/leads';
  return [
    el('p', {}, el('a', { href: toList }, context.texts.back)),
    el('h1', { tabindex: -1 }, lead.name ?? lead.phone),
    leadCard(lead, context, {
      whole: true,
      onErased() {
        location.hash = toList;
      },
    }),
  ];
}
