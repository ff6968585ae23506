import { el } from './dom.js';
import { count, duration, percent } from './format.js';

const LEAST_SHARE = 0.001;

/** Each passage through a stage and each wait before one, in time, beside what is usual. */
export function stageTable(page, trace) {
  if (trace.stages.length === 0) return null;
  const whole = Math.max(1, trace.durationNanos);
  const waits = trace.waits.filter(wait => wait.duration / whole >= LEAST_SHARE);
  const rows = [...trace.stages.map(stage => stageRow(page, trace, stage)),
    ...waits.map(wait => waitRow(page, trace, wait))]
    .sort((one, other) => one.at - other.at);
  const heads = [['Stage', ''], ['Lane', 'in-lane'], ['Begins at', 'number'], ['Lasts', 'number'],
    ['Usual p50', 'number usual'], ['p99', 'number usual'], ['Share', 'number'], ['', 'where']];
  const usual = el('p', { class: 'quiet like' });
  const node = el('section', { class: 'stages' },
    el('h2', {}, 'Stages'), usual,
    el('table', {},
      el('thead', {}, el('tr', {}, heads.map(([name, kind]) =>
        name ? el('th', { scope: 'col', class: kind }, name) : el('td', { class: kind })))),
      el('tbody', {}, rows.map(row => row.node))));
  compare(trace, rows, usual);
  return node;
}

function stageRow(page, trace, stage) {
  const kind = `stage-${stage.stage.toLowerCase()}`;
  const [p50, p99] = [usualCell(), usualCell()];
  const node = el('tr', { class: stage.failed ? 'failed' : null },
    el('th', { scope: 'row' }, el('button', {
      type: 'button', class: 'stage-name',
      onclick: () => page.chart.select(stage.id, { reveal: true }),
    }, el('i', { class: `dot ${kind}` }), stage.stage),
    el('small', {}, stage.lane)),
    el('td', { class: 'in-lane' }, stage.lane),
    el('td', { class: 'number' }, duration(stage.at)),
    el('td', { class: 'number lasts' }, duration(stage.duration)),
    p50, p99,
    el('td', { class: 'number' }, percent(stage.share)),
    el('td', { class: 'where' }, place(trace, stage, kind)));
  return { node, at: stage.at, stage, p50, p99 };
}

function waitRow(page, trace, wait) {
  const node = el('tr', { class: 'waiting' },
    el('th', { scope: 'row' }, el('button', {
      type: 'button', class: 'stage-name',
      onclick: () => page.chart.select(wait.id, { reveal: true }),
    }, el('i', { class: 'dot' }), 'waiting'), el('small', {}, wait.name)),
    el('td', { class: 'in-lane' }, wait.name),
    el('td', { class: 'number' }, duration(wait.at)),
    el('td', { class: 'number lasts' }, duration(wait.duration)),
    usualCell(), usualCell(),
    el('td', { class: 'number' }, percent(wait.duration / Math.max(1, trace.durationNanos))),
    el('td', { class: 'where' }, place(trace, wait, 'wait-of')));
  return { node, at: wait.at };
}

function usualCell() {
  return el('td', { class: 'number usual' });
}

function place(trace, { at, duration: length }, kind) {
  const whole = Math.max(1, trace.durationNanos);
  const bar = el('span', { class: `span-of ${kind}` });
  bar.style.setProperty('--from', at / whole);
  bar.style.setProperty('--share', length / whole);
  return bar;
}

/** What is usual comes after what is drawn: it reads other traces. */
async function compare(trace, rows, said) {
  let like;
  try {
    like = await (await fetch(`/viewer/traces/${encodeURIComponent(trace.traceId)}/like`)).json();
  } catch {
    return;
  }
  if (like.stages.length === 0) {
    said.textContent = 'No other request of this name that went well is here to compare with.';
    return;
  }
  said.textContent = `Usual: ${count(like.traces, 'recent request')} of the same name.`;
  const usual = new Map(like.stages.map(spread => [spread.stage, spread]));
  for (const row of rows) {
    const spread = usual.get(row.stage?.stage);
    if (!spread) continue;
    row.p50.textContent = duration(spread.p50);
    row.p99.textContent = duration(spread.p99);
    if (row.stage.duration > spread.p99) {
      row.node.classList.add('slow');
      row.node.querySelector('.lasts').append(el('span', { class: 'badge warn' }, 'slow'));
    }
  }
}
