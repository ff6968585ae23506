import { el } from './dom.js';
import { count } from './format.js';
import { showCompare } from './compare.js';
import { showList } from './list.js';
import { showStats } from './stats.js';
import { showTrace } from './trace.js';

const main = document.getElementById('main');
const path = location.pathname.split('/');

if (path[1] === 'trace' && path[2]) {
  showTrace(main, path[2]).catch(fail);
} else if (path[1] === 'compare') {
  showCompare(main).catch(fail);
} else if (path[1] === 'stats') {
  showStats(main).catch(fail);
} else {
  showList(main).catch(fail);
}
showStatus();

async function showStatus() {
  const line = document.getElementById('status');
  try {
    const status = await (await fetch('/api/status')).json();
    line.replaceChildren(
      `${count(status.heldTraces, 'trace')}, ${count(status.heldSpans, 'span')} held`);
    line.title = `${count(status.evictedTraces, 'trace')} evicted, `
      + `${count(status.rejectedSpans, 'span')} rejected since the start`;
  } catch {
    line.replaceChildren('no connection');
  }
  setTimeout(showStatus, 5000);
}

function fail(error) {
  main.replaceChildren(el('p', { class: 'notice', role: 'alert' }, error.message));
}
