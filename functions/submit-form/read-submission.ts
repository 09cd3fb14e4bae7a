import type { Form } from '#shared/config/schema.ts';
import { refuse } from '#shared/http/refuse.ts';
import { captchaTokens, type Fields, type Found, findField, firstText, type KnownField } from '#shared/lead/fields.ts';
import { type Attribution, attributionNames, type Lead } from '#shared/lead/lead.ts';
import { parsePhone } from '#shared/lead/phone.ts';
import { attributionOfCookies } from '#shared/lead/tilda-cookies.ts';

/** What a form says, sorted: the part of a lead that comes from the visitor's fields. */
export type Submission = Pick<Lead, 'phone' | 'name' | 'email' | 'comment' | 'fields' | 'attribution' | 'spam'> & {
  subject?: string;
};

/** Tilda's webhook sends the page's cookies in it: what they tell of the visit is kept, they themselves are not. */
const cookiesName = 'COOKIES';
/** For Ringback and its captcha alone: not kept on the lead. */
const ownNames = [
  '_key',
  '_next',
  '_gotcha',
  '_subject',
  '_language',
  '_charset_',
  '_stamp',
  cookiesName,
  ...captchaTokens,
];

/** Sorts the fields of a form. Throws InvalidRequestError: 400 for a phone sent twice, 422 for one that cannot be rung. Pure. */
export function readSubmission(fields: Fields, form: Pick<Form, 'fields' | 'countries'>): Submission {
  const find = (known: KnownField) => findField(fields, known, form.fields);
  const found = { phone: find('phone'), name: find('name'), email: find('email'), comment: find('comment') };
  const subject = firstText(fields['_subject']);
  const spam = firstText(fields['_gotcha']) === undefined ? undefined : 'honeypot';
  const taken = new Set([
    ...ownNames,
    ...attributionNames.map(sentName),
    ...Object.values(found).flatMap(({ sent }) => sent),
  ]);
  return {
    phone: readPhone(found.phone, form.countries),
    ...textOf('name', found.name.values),
    ...textOf('email', found.email.values),
    ...textOf('comment', found.comment.values),
    ...(subject === undefined ? {} : { subject }),
    ...(spam === undefined ? {} : { spam }),
    fields: Object.fromEntries(Object.entries(fields).filter(([name]) => !taken.has(name))),
    attribution: readAttribution(fields),
  };
}

function readPhone({ name: field, values }: Found, countries: readonly string[]): string {
  if (values.length > 1) throw refuse(400, 'bad_request', { fields: [{ field, code: 'repeated' }] });
  const result = parsePhone(values[0] ?? '', countries);
  if ('problem' in result) {
    throw refuse(422, 'invalid_fields', { fields: [{ field, code: result.problem }] });
  }
  return result.phone;
}

function textOf<Name extends 'name' | 'email' | 'comment'>(name: Name, values: string[]): { [key in Name]?: string } {
  const text = values
    .map((value) => value.trim())
    .filter((value) => value !== '')
    .join(', ');
  return text === '' ? {} : ({ [name]: text } as { [key in Name]: string });
}

function readAttribution(fields: Fields): Attribution {
  const pairs = attributionNames.flatMap((name) => {
    const text = firstText(fields[sentName(name)]);
    return text === undefined ? [] : [[name, text]];
  });
  return { ...attributionOfCookies(firstText(fields[cookiesName]) ?? ''), ...Object.fromEntries(pairs) };
}

function sentName(name: (typeof attributionNames)[number]): string {
  return name === 'referrer' ? '_referrer' : name;
}
