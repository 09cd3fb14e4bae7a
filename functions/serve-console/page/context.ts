import type { Language } from '#shared/lead/lead.ts';
import type { Api } from './api.ts';
import { el } from './dom.ts';
import type { Texts } from './texts.ts';

/** What every view works with. */
export type Context = {
  api: Api;
  texts: Texts;
  language: Language;
  /** Tells the person, and a screen reader, what has been done. */
  say(message: string): void;
  /** Does some work of a button; what goes wrong is said, and a token that is no longer right leads back to the door. */
  attempt(work: () => Promise<void>): Promise<void>;
};

/** An instant in the person's own time zone. */
export function time(instant: string, language: Language): HTMLTimeElement {
  return el('time', { datetime: instant }, timeText(instant, language));
}

export function timeText(instant: string, language: Language): string {
  return new Date(instant).toLocaleString(language === 'ru' ? 'ru-RU' : 'en-GB', {
    dateStyle: 'medium',
    timeStyle: 'medium',
  });
}

/** A day as providers mean it, whatever the person's own time zone makes of its first instant. */
export function dateText(instant: string, language: Language): string {
  const locale = language === 'ru' ? 'ru-RU' : 'en-GB';
  return new Date(instant).toLocaleDateString(locale, { dateStyle: 'medium', timeZone: 'UTC' });
}

/** Asks before what cannot be taken back. Resolves with whether the person said yes. */
export function confirm(warning: string, { texts }: Context): Promise<boolean> {
  const answer = Promise.withResolvers<boolean>();
  const dialog: HTMLDialogElement = el(
    'dialog',
    { 'aria-labelledby': 'sure', 'aria-describedby': 'warning', onclose: () => end() },
    el('h2', { id: 'sure' }, texts.sure),
    el('p', { id: 'warning' }, warning),
    el(
      'p',
      { class: 'buttons' },
      el('button', { type: 'button', onclick: () => dialog.close('yes'), class: 'danger' }, texts.yes),
      el('button', { type: 'button', onclick: () => dialog.close('no'), autofocus: true }, texts.no),
    ),
  );
  const end = () => {
    dialog.remove();
    answer.resolve(dialog.returnValue === 'yes');
  };
  document.body.append(dialog);
  dialog.showModal();
  return answer.promise;
}
