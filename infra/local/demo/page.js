// Keeps the right side up to date, and thanks for the first form, which /ringback.js sends. All works without this file, less smoothly.

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

/** The form has gone out by /ringback.js: thanks in its place, and a way back to it. */
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
    form.querySelector('input').focus();
  });
  form.replaceWith(thanks);
  thanks.focus();
}

refresh();
const quick = document.querySelector('#quick');
if (quick !== null) {
  // What is wrong with a number the server says best.
  quick.noValidate = true;
  quick.addEventListener('ringback:sent', (event) => {
    event.preventDefault();
    thank(quick);
  });
}
