import { el } from './dom.js';

const SAID_MILLIS = 1500;

/** A button that puts a text on the clipboard and says so. */
export function copyButton(text, what) {
  const button = el('button', {
    type: 'button', class: 'copy', 'aria-label': `Copy ${what}`, title: `Copy ${what}`,
    onclick: async () => {
      button.textContent = await copy(text) ? 'copied' : 'not allowed';
      setTimeout(() => { button.textContent = 'copy'; }, SAID_MILLIS);
    },
  }, 'copy');
  return button;
}

/** A page that came without TLS from another machine has no clipboard. */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
