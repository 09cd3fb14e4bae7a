import { captchas } from '../config/captchas.ts';
import type { Form } from '../config/schema.ts';

/** A form as it was sent: names in their order, a repeated name with all its values. Made without a prototype. */
export type Fields = Record<string, string | string[]>;

/** Spent at each attempt, so no part of what the visitor says. */
export const captchaTokens = Object.values(captchas).map(({ field }) => field);

export type KnownField = 'phone' | 'name' | 'email' | 'comment';

/** How forms on the sites call the four fields, in small letters, the likeliest first. */
const usualNames: Record<KnownField, readonly string[]> = {
  phone: [
    'phone',
    'tel',
    'telephone',
    'phone_number',
    'phonenumber',
    'phone-number',
    'your-phone',
    'your-tel',
    'user_phone',
    'client_phone',
    'mobile',
    'телефон',
    'ваш телефон',
    'номер телефона',
    'мобильный телефон',
  ],
  name: [
    'name',
    'fio',
    'full_name',
    'fullname',
    'full-name',
    'your-name',
    'user_name',
    'client_name',
    'first_name',
    'имя',
    'ваше имя',
    'фио',
  ],
  email: ['email', 'e-mail', 'mail', 'your-email', 'user_email', 'почта', 'электронная почта'],
  comment: [
    'comment',
    'comments',
    'message',
    'text',
    'textarea',
    'question',
    'your-message',
    'комментарий',
    'сообщение',
    'вопрос',
  ],
};

/** What was found of a known field: `name` is how the form calls it, `sent` all the names under which it came. */
export type Found = { name: string; sent: string[]; values: string[] };

/** The names under which a form sends one of the four: its own, where ringback.config.ts gives them, else the usual ones. */
export function namesOf(known: KnownField, own: string | string[] | undefined): readonly string[] {
  return own === undefined ? usualNames[known] : [own].flat();
}

/** Is this how the form calls that field, in whatever case? */
export function isNameOf(known: KnownField, own: Form['fields'], name: string): boolean {
  return namesOf(known, own[known]).some((candidate) => plainName(candidate) === plainName(name));
}

/** What was sent under the first of the field's names that was filled in, else under the first at all; in whatever case: as `Phone` or `PHONE`, or both. */
export function findField(fields: Fields, known: KnownField, own: Form['fields']): Found {
  const names = namesOf(known, own[known]);
  const sentAs = Map.groupBy(Object.keys(fields), plainName);
  const found = names.flatMap((usual): Found[] => {
    const sent = sentAs.get(plainName(usual)) ?? [];
    const [name] = sent;
    return name === undefined ? [] : [{ name, sent, values: sent.flatMap((each) => fields[each] ?? []) }];
  });
  const filled = found.find(({ values }) => values.some((value) => value.trim() !== ''));
  return filled ?? found[0] ?? { name: names[0] ?? known, sent: [], values: [] };
}

/** The first text of a field that says anything, without the spaces around it. */
export function firstText(value: string | string[] | undefined): string | undefined {
  return [value ?? []]
    .flat()
    .map((text) => text.trim())
    .find((text) => text !== '');
}

function plainName(name: string): string {
  return name.trim().toLowerCase();
}
