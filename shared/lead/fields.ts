/** A form as it was sent: names in their order, a repeated name with all its values. Made without a prototype. */
export type Fields = Record<string, string | string[]>;

/** Spent at each attempt, so no part of what the visitor says. */
export const captchaTokens = ['cf-turnstile-response', 'smart-token'] as const;

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

/** The names under which a form sends one of the four: its own, where ringback.config.ts gives them, else the usual ones. */
export function namesOf(known: KnownField, own: string | string[] | undefined): readonly string[] {
  return own === undefined ? usualNames[known] : [own].flat().map((name) => name.toLowerCase());
}

/** What was sent under the first of these names that was sent at all, whatever its case: as `Phone` or `PHONE`, or both. */
export function findField(fields: Fields, names: readonly string[]): { sent: string[]; values: string[] } {
  for (const name of names) {
    const sent = Object.keys(fields).filter((candidate) => candidate.trim().toLowerCase() === name);
    const values = sent.flatMap((candidate) => fields[candidate] ?? []);
    if (values.some((value) => value.trim() !== '')) return { sent, values };
  }
  return { sent: [], values: [] };
}
