import { el } from './dom.js';
import { Chart } from './chart.js';
import { blame } from './blame.js';
import { Details } from './details.js';
import { clock, count, day, duration, percent } from './format.js';

// A trace's last spans may arrive after its first ones were looked at.
const LOOK_AGAIN_MILLIS = [700, 1500, 3000, 6000];

/** One trace: what it was, its lanes, its stages, and whatever span is chosen. */
export async function showTrace(main, id) {
  const page = { main, id, trace: null };
  await load(page);
  for (const wait of LOOK_AGAIN_MILLIS) {
    await new Promise(resolve => setTimeout(resolve, wait));
    await load(page);
  }
}

async function load(page) {
  let trace;
  try {
    const response = await fetch(`/viewer/traces/${encodeURIComponent(page.id)}`);
    trace = await response.json();
    if (!response.ok) throw new Error(trace.error);
  } catch (error) {
    // What is drawn stays, even if the viewer is gone or the trace evicted since.
    if (page.trace) return;
    throw error;
  }
  if (page.trace?.spans === trace.spans) return;
  page.trace = trace;
  draw(page);
}

function draw(page) {
  const { trace } = page;
  document.title = `${trace.name} · ${duration(trace.durationNanos)} · Serving`;
  const view = page.chart?.view;
  const chosen = page.chart?.selected;
  const details = new Details(trace, {
    onspan: id => page.chart.select(id, { reveal: true }),
    onclose: () => page.chart.select(null),
  });
  page.chart = new Chart(trace, { onselect: bar => details.show(bar), view });
  page.main.replaceChildren(
    heading(trace),
    el('div', { class: 'work' },
      el('div', { class: 'drawing' }, blame(trace), page.chart.node, stageTable(page, trace)),
      details.node));
  page.chart.attached();
  page.chart.select(chosen ?? null);
}

function heading(trace) {
  const facts = [
    ['Duration', duration(trace.durationNanos)],
    ['Started', clock(trace.startUnixMillis), day(trace.startUnixMillis)],
    ['Spans', trace.spans.toLocaleString('en')],
    ['Processes', trace.processes.length],
  ];
  if (trace.errors > 0) facts.push(['Errors', trace.errors, null, 'bad']);
  if (trace.orphans > 0) {
    facts.push(['Not arrived', count(trace.orphans, 'parent'),
      'Spans whose parent has not arrived', 'warn']);
  }
  return el('div', { class: 'heading' },
    el('div', {},
      el('h1', {}, trace.name || '(no name)'),
      el('p', { class: 'id' }, trace.service, ' ', el('code', {}, trace.traceId)),
      el('p', { class: 'files' }, 'Download ', file(trace, 'otlp', 'OTLP'), ' ',
        file(trace, 'jaeger', 'Jaeger'))),
    el('dl', { class: 'facts' }, facts.map(([name, value, title, kind]) =>
      el('div', { class: kind, title }, el('dt', {}, name), el('dd', {}, value)))));
}

/** The trace in a format that other programs open. */
function file(trace, format, name) {
  return el('a', { href: `/viewer/traces/${encodeURIComponent(trace.traceId)}/${format}`,
    download: '' }, `${name} JSON`);
}

function stageTable(page, trace) {
  if (trace.stages.length === 0) return null;
  const rows = trace.stages.map(stage => {
    const bar = el('span', { class: `span-of stage-${stage.stage.toLowerCase()}` });
    bar.style.setProperty('--from', stage.at / Math.max(1, trace.durationNanos));
    bar.style.setProperty('--share', stage.share);
    return el('tr', { class: stage.failed ? 'failed' : null },
      el('th', { scope: 'row' }, el('button', {
        type: 'button', class: 'stage-name',
        onclick: () => page.chart.select(stage.id, { reveal: true }),
      }, el('i', { class: `dot stage-${stage.stage.toLowerCase()}` }), stage.stage),
      el('small', {}, stage.lane)),
      el('td', { class: 'in-lane' }, stage.lane),
      el('td', { class: 'number' }, duration(stage.at)),
      el('td', { class: 'number' }, duration(stage.duration)),
      el('td', { class: 'number' }, percent(stage.share)),
      el('td', { class: 'where' }, bar));
  });
  const heads = [['Stage', ''], ['Lane', 'in-lane'], ['Begins at', 'number'], ['Lasts', 'number'],
    ['Share', 'number'], ['', 'where']];
  return el('section', { class: 'stages' },
    el('h2', {}, 'Stages'),
    el('table', {},
      el('thead', {}, el('tr', {}, heads.map(([name, kind]) =>
        el('th', { scope: 'col', class: kind }, name)))),
      el('tbody', {}, rows)));
}
