import type { Language } from '#shared/lead/lead.ts';

/** The words of the florist's site; those of the form itself are in shared/http/texts.ts. */
export const siteTexts = {
  en: {
    shop: 'Acme Flowers',
    headline: 'Peonies, cut this morning',
    lead: 'Bouquets by noon, anywhere in town. Leave your number, and our florist rings you within seconds.',
    callMe: 'Call me back',
    fetchHint: 'With one script tag: errors appear at the field, and nobody leaves the page.',
    wedding: 'A wedding to plan?',
    plainHint: 'Plain HTML: this form needs no JavaScript at all.',
    comment: 'What would you like?',
    again: 'Send another',
  },
  ru: {
    shop: 'Acme Цветы',
    headline: 'Пионы, срезанные утром',
    lead: 'Букеты до полудня, в любой конец города. Оставьте номер, и флорист перезвонит через несколько секунд.',
    callMe: 'Перезвоните мне',
    fetchHint: 'С одним тегом script: ошибки видны у поля, страница остаётся открытой.',
    wedding: 'Готовите свадьбу?',
    plainHint: 'Обычный HTML: этой форме JavaScript не нужен.',
    comment: 'Что для вас собрать?',
    again: 'Отправить ещё одну',
  },
} satisfies Record<Language, Record<string, string>>;
