import { el } from './dom.js';
import { count } from './format.js';
import { Filters } from './filters.js';
import { Picks } from './picks.js';
import { scatter } from './scatter.js';
import { table } from './table.js';

const REFRESH_MILLIS = 2000;
// A question that takes long is asked less often.
const REST = 5;

/** The list of traces with its filters; refreshes itself while it is in view. */
export async function showList(main) {
  const list = { plot: el('div', { class: 'plot' }), table: el('div'), shown: null };
  list.picks = new Picks();
  list.said = el('p', { class: 'sr', role: 'status' });
  list.filters = new Filters('/', () => refresh(list));
  main.replaceChildren(el('h1', { class: 'sr' }, 'Traces'), list.filters.form, list.plot,
    list.picks.node, list.table, list.said);
  await refresh(list);
  tick(list);
}

function tick(list) {
  setTimeout(async () => {
    if (!document.hidden && list.filters.live()) await refresh(list);
    tick(list);
  }, Math.max(REFRESH_MILLIS, REST * (list.took ?? 0)));
}

async function refresh(list) {
  const asked = list.asked = Symbol('newest wins');
  let answer;
  const begin = performance.now();
  try {
    const response = await fetch(`/viewer/traces?${list.filters.query()}`);
    answer = await response.json();
    list.took = performance.now() - begin;
  } catch {
    // No connection: the head of the page says so, and the list stays as it was.
    return;
  }
  if (answer.error) {
    if (list.asked === asked) notice(list, answer.error);
    return;
  }
  const text = JSON.stringify([answer, list.filters.sort]);
  if (list.asked !== asked || text === list.shown) return;
  list.shown = text;
  list.filters.offer(answer.services);
  draw(list, answer);
}

function notice(list, message) {
  list.shown = null;
  list.plot.replaceChildren();
  list.table.replaceChildren(el('p', { class: 'notice', role: 'alert' }, message));
}

function draw(list, { traces, held, sortedAmong }) {
  const { filters } = list;
  if (traces.length === 0) {
    list.plot.replaceChildren();
    list.table.replaceChildren(empty(held));
    return;
  }
  const focus = focused();
  list.plot.replaceChildren(...plot(filters, traces));
  const shown = `${traces.length.toLocaleString('en')} of ${count(held, 'trace')}`;
  list.table.replaceChildren(
    el('div', { class: 'wide-table' }, table(traces,
      { sort: filters.sort, stage: filters.stage, picks: list.picks }, sort => filters.sortBy(sort))),
    el('p', { class: 'quiet shown' }, shown,
      sortedAmong && held > sortedAmong
        ? `, sorted among the latest ${sortedAmong.toLocaleString('en')}` : '', ' · ',
      el('a', { href: `/stats?${filters.query()}` }, 'statistics and causes of these')));
  if (list.said.textContent !== `${shown} shown`) list.said.textContent = `${shown} shown`;
  if (focus) list.table.querySelector(focus)?.focus();
}

function plot(filters, traces) {
  const ranged = filters.query().has('from') || filters.query().has('to');
  return [scatter(traces, (from, to) => filters.between(from, to)),
    el('p', { class: 'hint-below' }, 'Drag to choose a stretch of time. ',
      ranged ? el('button', { type: 'button', class: 'jump',
        onclick: () => filters.between(null, null) }, 'Show all times') : null)];
}

/** A refresh must not take the keyboard's place in the list away. */
function focused() {
  const at = document.activeElement;
  const id = at?.closest?.('tr')?.dataset.id;
  if (at?.dataset?.pick) return `[data-pick="${at.dataset.pick}"]`;
  return id ? `tr[data-id="${id}"] a`
    : at?.dataset?.sort ? `[data-sort="${at.dataset.sort}"]` : null;
}

function empty(held) {
  if (held > 0) return el('p', { class: 'notice' }, 'No trace matches these filters.');
  const endpoint = `${location.origin}/v1/traces`;
  return el('div', { class: 'notice' },
    el('p', {}, 'No trace has arrived yet.'),
    el('p', {}, 'Send OTLP over HTTP to ', el('code', {}, endpoint), '.'),
    el('pre', {}, `serving serve --trace-enable --otlp-traces-endpoint ${endpoint}`));
}
