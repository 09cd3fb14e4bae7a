/** The captchas that a form can ask for: where they are verified, and the field that their widget puts its token into. */
export const captchas = {
  /** Cloudflare Turnstile, "Server-side validation". */
  turnstile: { origin: 'https://challenges.cloudflare.com', field: 'cf-turnstile-response' },
  /** Yandex SmartCaptcha, "Verifying a CAPTCHA response". */
  smartcaptcha: { origin: 'https://smartcaptcha.yandexcloud.net', field: 'smart-token' },
} as const;

export type CaptchaKind = keyof typeof captchas;
