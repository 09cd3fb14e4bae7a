/**
 * Where a browser goes after the form: `_next`, when it leads to one of the form's origins, else the form's own redirect.
 * A relative `_next` counts from `page`, the address of the form's page as far as it is known.
 * Resolves to a full address, or undefined where the form has none.
 */
export function chooseRedirect(
  next: string | undefined,
  form: { origins: readonly string[]; redirect?: string | undefined },
  page: string,
): string | undefined {
  return (next && allowedAddress(next, form.origins, page)) || form.redirect;
}

/** What browsers and servers read differently is refused whole: control characters, spaces, backslashes, also encoded. */
const ambiguous = /[\p{Cc}\s\\]|%0[0-9a-f]|%1[0-9a-f]|%5c|%7f/iu;
const relativeOrFull = /^(?:https?:\/\/[^/]|(?!\/\/)(?![a-z][a-z\d+.-]*:))/i;

function allowedAddress(next: string, origins: readonly string[], page: string): string | undefined {
  if (next.length > 2048 || ambiguous.test(next) || !relativeOrFull.test(next) || !URL.canParse(next, page))
    return undefined;
  const url = new URL(next, page);
  const isPlain = url.username === '' && url.password === '';
  return isPlain && origins.includes(url.origin) ? url.href : undefined;
}
