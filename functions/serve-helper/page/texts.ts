/** What the script itself says; all other words come with the server's answers. */
const texts = {
  ru: {
    thanks: 'Спасибо! Мы скоро перезвоним.',
    waiting: 'Нет связи. Не закрывайте страницу: заявка уйдёт сама.',
    failed: 'Не удалось отправить. Попробуйте ещё раз.',
  },
  en: {
    thanks: 'Thank you! We will call you back soon.',
    waiting: 'No connection. Keep this page open: the form will go out by itself.',
    failed: 'This could not be sent. Please try again.',
  },
};

/** The language of the page around a form. */
export function languageOf(form: HTMLFormElement): 'ru' | 'en' {
  return /^en\b/i.test(form.closest<HTMLElement>('[lang]')?.lang ?? '') ? 'en' : 'ru';
}

/** The page's own words in `data-thanks`, `data-waiting` or `data-failed` of the form, else those above. */
export function textOf(form: HTMLFormElement, name: keyof typeof texts.en): string {
  return form.dataset[name] ?? texts[languageOf(form)][name];
}
