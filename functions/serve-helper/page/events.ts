/** What a page can listen to; all bubble. `preventDefault` on `sent` and `error` leaves it to the page what the visitor sees. */
export type RingbackEvents = {
  /** The form has arrived. `id` is the lead's. */
  'ringback:sent': { id: string };
  /** It was refused; `error` is a code such as `invalid_fields`, `errors` name the fields to mend. */
  'ringback:error': { error: string; message: string; errors: FieldError[] };
  /** There is no network: it goes out as soon as there is. */
  'ringback:waiting': undefined;
};

export type FieldError = { field: string; code: string; message: string };

declare global {
  interface HTMLElementEventMap {
    'ringback:sent': CustomEvent<RingbackEvents['ringback:sent']>;
    'ringback:error': CustomEvent<RingbackEvents['ringback:error']>;
    'ringback:waiting': CustomEvent<undefined>;
  }
}

/** Resolves to false when the page has taken it over. */
export function tell<Name extends keyof RingbackEvents>(
  form: HTMLFormElement,
  name: Name,
  detail?: RingbackEvents[Name],
): boolean {
  return form.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, cancelable: true }));
}
