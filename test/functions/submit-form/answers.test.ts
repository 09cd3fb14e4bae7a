import { describe, expect, test } from 'vitest';
import { asBrowser, asJson, createSite, site } from './fixture.ts';

const phone = '+7 916 123-45-67';

describe('a program', () => {
  test('gets 202 with the id of the lead', async () => {
    const { send, leads } = createSite();
    const { status, json } = await send(asJson({ phone }));
    const [lead] = leads();
    expect({ status, json }).toEqual({ status: 202, json: { ok: true, id: lead?.id } });
    expect(lead?.id).toMatch(/^[0-9a-f]{32}$/);
  });

  test.each([
    ['X-Requested-With', { 'x-requested-with': 'XMLHttpRequest', accept: 'text/html' }],
    ['Accept', { accept: 'application/json, text/html;q=0.5' }],
  ])('is known by %s, whatever type it sends', async (_header, headers) => {
    const { status, json } = await createSite().send(asBrowser({ phone }, headers));
    expect(status).toBe(202);
    expect(json).toMatchObject({ ok: true });
  });

  test('is told what is wrong with which field', async () => {
    const { status, json } = await createSite().send(asJson({ phone: '916' }, { 'accept-language': 'en' }));
    expect(status).toBe(422);
    expect(json).toEqual({
      ok: false,
      error: 'invalid_fields',
      message: 'Please check the form.',
      errors: [
        { field: 'phone', code: 'digits_missing', message: 'Some digits of the number are missing. Please check it.' },
      ],
    });
  });

  test('is told so in Russian unless it asks for English', async () => {
    const { json } = await createSite().send(asJson({ phone: '916' }));
    expect(json.errors[0].message).toBe('В номере не хватает цифр. Проверьте, пожалуйста.');
  });
});

describe('a browser', () => {
  test('is sent to the page that the form names', async () => {
    const { status, headers } = await createSite().send(asBrowser({ phone, _next: '/thanks?a=b' }));
    expect({ status, location: headers['location'] }).toEqual({ status: 303, location: `${site}/thanks?a=b` });
  });

  test('is sent to the redirect of the config', async () => {
    const redirect = 'https://other.example/done';
    const { status, headers } = await createSite({ redirect }).send(asBrowser({ phone }));
    expect({ status, location: headers['location'] }).toEqual({ status: 303, location: redirect });
  });

  test('gets a page of thanks, in its language, leading back to where it came from', async () => {
    const { status, headers, body } = await createSite().send(asBrowser({ phone }));
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(body).toContain('<html lang="en">');
    expect(body).toContain('<h1>Thank you!</h1>');
    expect(body).toContain(`href="${site}/prices/"`);
  });

  test('gets the form again with all that was typed and what to mend', async () => {
    const typed = { Phone: '+7 916', Name: 'Анна "Я" <b>', comment: 'two\nlines', utm_source: 'ads', _key: 'k1' };
    const { status, body } = await createSite().send(asBrowser(typed));
    expect(status).toBe(422);
    expect(body).toContain('name="Phone" value="+7 916" autocomplete="tel" aria-invalid="true"');
    expect(body).toContain('Some digits of the number are missing');
    expect(body).toContain('value="Анна &quot;Я&quot; &lt;b&gt;"');
    expect(body).toContain('>\ntwo\nlines</textarea>');
    expect(body).toContain('<input type="hidden" name="utm_source" value="ads">');
    expect(body).toContain('<input type="hidden" name="_key" value="k1">');
  });

  test('is asked for a phone under the name that the form gives it', async () => {
    const { status, body } = await createSite({ fields: { phone: 'Nummer' } }).send(asBrowser({ name: 'Anna' }));
    expect(status).toBe(422);
    expect(body).toContain('name="Nummer" value="" autocomplete="tel" aria-invalid="true"');
    expect(body).toContain('Please give a phone number.');
  });

  test.each([{ Phone: '' }, { PHONE: '12', Name: '' }, { tel: '', phone: '1', note: '"&' }, {}])(
    'has only the phone to mend on the page that comes for %j',
    async (typed) => {
      const { send, leads } = createSite();
      const { body } = await send(asBrowser(typed));
      const inputs = [...body.matchAll(/<input [^>]*?name="([^"]*)" value="([^"]*)"/g)];
      const again = inputs.map(([input, name = '', value = '']) => [
        name,
        input.includes('type="tel"') ? phone : value,
      ]);
      const { status } = await send(asBrowser(Object.fromEntries(again)));
      expect({ status, phones: leads().map((lead) => lead.phone) }).toEqual({ status: 200, phones: ['+79161234567'] });
    },
  );

  test('may send that page from this host', async () => {
    const own = { origin: 'https://forms.ringback.example', referer: 'https://forms.ringback.example/f/main' };
    const { status, headers } = await createSite().send(asBrowser({ phone, _next: '/thanks' }, own));
    expect({ status, location: headers['location'] }).toEqual({ status: 303, location: `${site}/thanks` });
  });

  test('is led from that page to where the form was, on whichever of its sites', async () => {
    const shop = 'https://shop.example';
    const { send } = createSite({ origins: [site, shop] });
    const fields = { phone: '916', _next: 'ty', _language: 'en' };
    const { body } = await send(asBrowser(fields, { origin: shop, referer: `${shop}/order/?card=1` }));
    const [, query = ''] = /action="\?([^"]*)"/.exec(body) ?? [];
    expect(body).toContain(`<a href="${shop}/order/?card=1">`);
    const ownPage = { origin: 'https://forms.ringback.example', referer: 'https://forms.ringback.example/f/main' };
    const mended = await send({ ...asBrowser({ ...fields, phone }, ownPage), query });
    expect(mended).toMatchObject({ status: 303, headers: { location: `${shop}/order/ty` } });
  });

  test.each([
    ['a key that was used', { phone, _key: 'one', comment: 'other' }],
    ['a phone sent twice', 'phone=1&phone=2'],
  ])('can go back from a page that says no: %s', async (_case, fields) => {
    const { send } = createSite();
    await send(asBrowser({ phone, _key: 'one' }));
    const { status, body } = await send(asBrowser(fields));
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body).toContain(`<a href="${site}/prices/">`);
  });

  test('chooses the language by a field', async () => {
    const { body } = await createSite().send(asBrowser({ phone: '', _language: 'ru' }));
    expect(body).toContain('<html lang="ru">');
    expect(body).toContain('Укажите номер телефона.');
  });

  test('gets pages that run, load and frame nothing and that nobody keeps', async () => {
    const { headers } = await createSite().send(asBrowser({ phone: '' }));
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self' https:\/\/acme\.example; base-uri 'none'; frame-ancestors 'none'$/,
    );
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    expect(headers).not.toHaveProperty('set-cookie');
  });
});

describe('what is not a form', () => {
  test.each(['nobody', 'constructor', '__proto__', ''])('404 for the form "%s"', async (form) => {
    const { status, json } = await createSite().send({ ...asJson({ phone }), form });
    expect({ status, error: json.error }).toEqual({ status: 404, error: 'unknown_form' });
  });

  test('a page for a browser that looks for a form that is not there', async () => {
    const { status, body } = await createSite().send({ ...asBrowser({ phone }), form: 'nobody' });
    expect(status).toBe(404);
    expect(body).toContain('There is no such form here.');
  });

  test.each(['GET', 'PUT', 'DELETE', 'HEAD'])('405 with Allow for %s', async (method) => {
    const { status, headers } = await createSite().send({ ...asJson({ phone }), method });
    expect({ status, allow: headers['allow'] }).toEqual({ status: 405, allow: 'POST, OPTIONS' });
  });
});

describe('when something fails inside', () => {
  const canary = '+7 916 123-45-67 Canary';
  const failing = () => {
    const fail = async () => {
      throw new TypeError(`secret place ${canary}`, { cause: new Error(canary) });
    };
    return createSite({}, { leads: { create: fail, get: fail, change: fail } });
  };

  test('a program gets 500 and generic words', async () => {
    const { status, json } = await failing().send(asJson({ phone }, { 'accept-language': 'en' }));
    expect(status).toBe(500);
    expect(json).toEqual({
      ok: false,
      error: 'internal',
      message: 'Your request could not be taken. Please try again in a minute.',
      errors: [],
    });
  });

  test('a visitor can send the same again from the page', async () => {
    const { status, body } = await failing().send(asBrowser({ phone, extra: 'kept' }));
    expect(status).toBe(500);
    expect(body).toContain(`value="${phone}"`);
    expect(body).toContain('name="extra" value="kept"');
    expect(body).not.toContain('secret place');
  });

  test('the log says where, and nothing of what was sent', async () => {
    const { send, logged } = failing();
    await send(asJson({ phone }));
    expect(logged.map(({ event }) => event)).toEqual(['request crashed']);
    expect(logged[0]?.details['error']).toMatch(/TypeError at .*answers\.test\.ts.*caused by Error at/s);
    expect(JSON.stringify(logged)).not.toMatch(/916|Canary/);
  });
});

describe("Tilda's webhook", () => {
  const tilda = { 'content-type': 'application/x-www-form-urlencoded' };

  test('its probe is answered 200 and leaves no lead', async () => {
    const { send, leads } = createSite();
    const { status, body } = await send({ headers: tilda, body: 'test=test' });
    expect({ status, body, leads: leads() }).toEqual({ status: 200, body: 'ok', leads: [] });
  });

  test('a lead is answered 200, and its repeat is the same lead', async () => {
    const { send, leads } = createSite();
    const body = 'Phone=%2B79161234567&Name=Anna&tranid=100%3A200&formid=form1';
    for (const attempt of [1, 2, 3]) {
      const answer = await send({ headers: tilda, body });
      expect({ attempt, status: answer.status, body: answer.body }).toEqual({ attempt, status: 200, body: 'ok' });
    }
    expect(leads()).toMatchObject([{ phone: '+79161234567', name: 'Anna', key: { source: 'tilda' } }]);
  });

  test('the cookies that it sends along give the advert and are not kept', async () => {
    const { send, leads } = createSite();
    const cookies = `TILDAUTM=${encodeURIComponent('utm_source=ads|||utm_medium=cpc')}; PHPSESSID=secret`;
    const fields = { Phone: phone, tranid: '1', utm_medium: 'own', COOKIES: cookies };
    await send({ headers: tilda, body: new URLSearchParams(fields).toString() });
    expect(leads()).toMatchObject([{ attribution: { utm_source: 'ads', utm_medium: 'own' } }]);
    expect(JSON.stringify(leads())).not.toContain('secret');
  });
});
