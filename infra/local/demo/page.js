// Keeps the right side up to date, and sends the first form without leaving the page. All works without this file, less smoothly.

const every = 500;
const panel = document.querySelector('#panel');
const news = document.querySelector('#news');
const offline = document.querySelector('#offline');
let shown = '';

async function refresh() {
  try {
    const response = await fetch('/_local/panel');
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    show(text);
    offline.hidden = true;
  } catch (error) {
    offline.textContent = `No news from the host: ${error.message}`;
    offline.hidden = false;
  }
  setTimeout(refresh, every);
}

function show(text) {
  if (text === shown) return;
  shown = text;
  panel.innerHTML = text;
  const latest = panel.firstElementChild.dataset.news;
  if (news.textContent !== latest) news.textContent = latest;
}

/** One key for each form that is shown: however often it is sent, it is one lead. */
function newKey(form) {
  const key = form.elements._key ?? form.appendChild(document.createElement('input'));
  key.type = 'hidden';
  key.name = '_key';
  key.value = crypto.randomUUID();
}

function enhance(form) {
  let sending = false;
  newKey(form);
  form.noValidate = true;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (sending) return;
    sending = true;
    clearErrors(form);
    try {
      await send(form);
    } catch {
      // The request never got an answer, and the same key makes it safe to try again.
      showError(form, form.dataset.failed);
    }
    sending = false;
  });
}

async function send(form) {
  const response = await fetch(form.action, {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: new URLSearchParams(new FormData(form)),
  });
  const answer = await response.json();
  if (answer.ok) return thank(form);
  const errors = answer.errors.filter(({ field }) => form.elements[field]);
  if (errors.length === 0) return showError(form, answer.message);
  for (const { field, message } of errors) showError(form, message, form.elements[field]);
  form.elements[errors[0].field].focus();
}

function thank(form) {
  const words = document.createElement('p');
  words.textContent = form.dataset.thanks;
  const again = document.createElement('button');
  again.type = 'button';
  again.textContent = form.dataset.again;
  const thanks = document.createElement('div');
  thanks.className = 'thanks';
  thanks.tabIndex = -1;
  thanks.append(words, again);
  again.addEventListener('click', () => {
    thanks.replaceWith(form);
    form.reset();
    newKey(form);
    form.querySelector('input').focus();
  });
  form.replaceWith(thanks);
  thanks.focus();
}

function showError(form, message, input) {
  const words = document.createElement('p');
  words.className = 'error';
  words.setAttribute('role', 'alert');
  words.textContent = message;
  if (input === undefined) return form.append(words);
  words.id = `${input.id}-error`;
  input.setAttribute('aria-invalid', 'true');
  input.setAttribute('aria-describedby', words.id);
  input.after(words);
}

function clearErrors(form) {
  for (const words of form.querySelectorAll('.error')) words.remove();
  for (const input of form.querySelectorAll('[aria-invalid]')) {
    input.removeAttribute('aria-invalid');
    input.removeAttribute('aria-describedby');
  }
}

refresh();
for (const form of document.querySelectorAll('#quick')) enhance(form);
