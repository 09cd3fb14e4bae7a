import type { Language } from '../lead/lead.ts';

/** What is wrong with a request as a whole: the `error` of an answer. */
export const requestProblems = {
  bad_request: {
    ru: 'Запрос не удалось прочитать. Вернитесь на страницу и отправьте форму ещё раз.',
    en: 'The request could not be read. Go back to the page and send the form again.',
  },
  bad_encoding: {
    ru: 'Запрос содержит символы, которые не удалось прочитать. Форма должна отправляться в UTF-8.',
    en: 'The request contains characters that cannot be read. The form must be sent in UTF-8.',
  },
  too_many_fields: { ru: 'В форме слишком много полей.', en: 'The form has too many fields.' },
  bad_key: {
    ru: 'Ключ повтора должен быть одной строкой не длиннее 255 символов.',
    en: 'The idempotency key must be one text of at most 255 characters.',
  },
  origin_not_allowed: {
    ru: 'Эта форма не принимает заявки с этого сайта.',
    en: 'This form takes no requests from this site.',
  },
  unknown_form: { ru: 'Такой формы здесь нет.', en: 'There is no such form here.' },
  method_not_allowed: {
    ru: 'Сюда можно только отправлять форму.',
    en: 'All this address does is take a form that is sent to it.',
  },
  too_large: { ru: 'Заявка слишком большая. Сократите текст.', en: 'This is too much text. Please make it shorter.' },
  unsupported_type: {
    ru: 'Заявку можно отправить обычной формой или в JSON, в кодировке UTF-8.',
    en: 'Send an ordinary form or JSON, in UTF-8.',
  },
  invalid_fields: { ru: 'Проверьте, пожалуйста, форму.', en: 'Please check the form.' },
  key_reused: {
    ru: 'Эта заявка уже принята. Чтобы отправить другую, откройте страницу с формой заново.',
    en: 'This request has been received already. To send another one, open the page with the form again.',
  },
  too_many_requests: {
    ru: 'С вашего адреса пришло слишком много заявок. Попробуйте ещё раз через минуту.',
    en: 'Too many requests have come from your address. Please try again in a minute.',
  },
  internal: {
    ru: 'Заявку не удалось принять. Попробуйте ещё раз через минуту.',
    en: 'Your request could not be taken. Please try again in a minute.',
  },
} satisfies Record<string, Record<Language, string>>;

/** What is wrong with one field: the `code` in `errors`. */
export const fieldProblems = {
  required: { ru: 'Укажите номер телефона.', en: 'Please give a phone number.' },
  invalid: {
    ru: 'Такого номера нет. Проверьте цифры и укажите один номер.',
    en: 'There is no such number. Please check the digits and give one number.',
  },
  digits_missing: {
    ru: 'В номере не хватает цифр. Проверьте, пожалуйста.',
    en: 'Some digits of the number are missing. Please check it.',
  },
  digits_extra: {
    ru: 'В номере лишние цифры. Проверьте, пожалуйста.',
    en: 'The number has too many digits. Please check it.',
  },
  extension: {
    ru: 'Укажите прямой номер, без добавочного.',
    en: 'Please give a direct number, without an extension.',
  },
  country: {
    ru: 'Мы не звоним в эту страну. Укажите другой номер.',
    en: 'We cannot call this country. Please give another number.',
  },
  kind: {
    ru: 'На такой номер мы не звоним. Укажите свой мобильный или городской.',
    en: 'We cannot call a number of this kind. Please give your mobile or landline number.',
  },
  captcha_missing: {
    ru: 'Подтвердите на странице с формой, что вы не робот.',
    en: 'Please confirm on the page with the form that you are not a robot.',
  },
  captcha_refused: {
    ru: 'Проверка «я не робот» устарела. Вернитесь на страницу с формой и пройдите её ещё раз.',
    en: 'The check that you are not a robot has expired. Go back to the page with the form and take it again.',
  },
  repeated: { ru: 'Это поле отправлено дважды.', en: 'This field was sent twice.' },
  in_query: { ru: 'Это поле нельзя передавать в адресе.', en: 'This field does not belong in the address.' },
  file: { ru: 'Файлы форма не принимает.', en: 'This form takes no files.' },
  wrong_type: {
    ru: 'Значение должно быть текстом, числом или их списком.',
    en: 'The value must be a text, a number or a list of them.',
  },
  bad_text: { ru: 'В поле есть недопустимые символы.', en: 'The field contains characters that are not allowed.' },
  bad_name: { ru: 'Недопустимое имя поля.', en: 'This name of a field is not allowed.' },
} satisfies Record<string, Record<Language, string>>;

export type RequestProblem = keyof typeof requestProblems;
export type FieldProblem = keyof typeof fieldProblems;

/** The words of the two pages that a visitor may see. */
export const pageTexts = {
  ru: {
    thanksTitle: 'Спасибо!',
    thanks: 'Мы получили вашу заявку и скоро перезвоним.',
    errorTitle: 'Заявка не отправлена',
    back: 'Вернуться на сайт',
    send: 'Отправить',
    phone: 'Телефон',
    name: 'Имя',
    email: 'Электронная почта',
    comment: 'Комментарий',
  },
  en: {
    thanksTitle: 'Thank you!',
    thanks: 'We have received your request and will call you back soon.',
    errorTitle: 'The form was not sent',
    back: 'Back to the site',
    send: 'Send',
    phone: 'Phone',
    name: 'Name',
    email: 'E-mail',
    comment: 'Comment',
  },
} satisfies Record<Language, Record<string, string>>;
