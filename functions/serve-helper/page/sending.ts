import type { Fields } from './attribution.ts';

/** One form on its way: the key that makes it one lead, a hash of what it said, what else went along, and whether it has arrived. */
export type Sending = { key: string; said?: number; about?: Fields; isTaken?: boolean };

/** The sending of this form that the browser's history entry has kept, else a new one. A reload and the back button lead to the same. */
export function recall(form: HTMLFormElement): Sending {
  return history.state?.ringback?.[placeOf(form)] ?? newSending();
}

/** Keeps it with this entry of the history alone: no cookie, no storage. */
export function remember(form: HTMLFormElement, sending: Sending): void {
  const ringback = { ...history.state?.ringback, [placeOf(form)]: { ...sending } };
  history.replaceState({ ...history.state, ringback }, '');
}

export function newSending(): Sending {
  return { key: String(crypto.getRandomValues(new Uint32Array(4))) };
}

/** The same words are the same sending; other words are another, once the first has arrived. */
export function nextSending(sending: Sending, said: number, about: Fields): Sending {
  if (sending.said === said) return sending;
  return { ...(sending.isTaken ? newSending() : sending), said, about, isTaken: false };
}

/** Of what the visitor has said; hidden fields that this script fills in are marked. */
export function hashOf(form: HTMLFormElement): number {
  const said = [...form.elements].map((element) => {
    const { name, value, checked, dataset } = element as HTMLInputElement;
    return dataset['ringback'] === undefined && name !== '' ? [name, value, checked] : 0;
  });
  return [...JSON.stringify(said)].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, 0);
}

function placeOf(form: HTMLFormElement): number {
  return [...document.forms].indexOf(form);
}
