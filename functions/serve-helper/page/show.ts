import type { FieldError } from './events.ts';

const invalid = 'aria-invalid';
const describedBy = 'aria-describedby';

/** Puts words at the end of a form, or after one of its fields: `alert` is read out at once, `status` when there is time. */
export function say(form: HTMLFormElement, role: 'alert' | 'status', words: string, field?: HTMLElement): HTMLElement {
  const text = document.createElement('p');
  text.className = `ringback-${role}`;
  text.setAttribute('role', role);
  text.textContent = words;
  if (field === undefined) form.append(text);
  else {
    text.id = `ringback-${Math.random()}`;
    field.setAttribute(invalid, 'true');
    field.setAttribute(describedBy, text.id);
    field.after(text);
  }
  return text;
}

/** Says at each field what is wrong with it, and takes the visitor to the first; says the rest below the form. */
export function showErrors(form: HTMLFormElement, message: string, errors: FieldError[]): void {
  const shown = errors.flatMap(({ field, message: words }) => {
    const input = visibleField(form, field);
    say(form, 'alert', words, input);
    return input ?? [];
  });
  if (errors.length === 0) say(form, 'alert', message);
  shown[0]?.focus();
}

export function clear(form: HTMLFormElement): void {
  for (const text of form.querySelectorAll('.ringback-alert, .ringback-status')) text.remove();
  for (const field of form.querySelectorAll(`[${invalid}]`)) {
    field.removeAttribute(invalid);
    field.removeAttribute(describedBy);
  }
}

/** In place of the form, where the visitor is looking. */
export function showThanks(form: HTMLFormElement, words: string): void {
  const thanks = say(form, 'status', words);
  thanks.className = 'ringback-thanks';
  thanks.tabIndex = -1;
  form.after(thanks);
  form.hidden = true;
  thanks.focus();
}

function visibleField(form: HTMLFormElement, field: string): HTMLElement | undefined {
  return ([...form.elements] as HTMLInputElement[]).find(({ name, type }) => name === field && type !== 'hidden');
}
