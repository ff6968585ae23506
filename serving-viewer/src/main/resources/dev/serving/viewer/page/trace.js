import { el } from './dom.js';
import { Chart } from './chart.js';
import { blame } from './blame.js';
import { Details } from './details.js';
import { content } from './content.js';
import { copyButton } from './copy.js';
import { findIn } from './find.js';
import { clock, count, day, duration } from './format.js';
import { pinButton } from './pin.js';
import { stageTable } from './stages.js';
import { tokens } from './tokens.js';

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
  page.judged = await judge(trace);
  draw(page);
}

/** What its spans say of its time; null where they do not. */
async function judge(trace) {
  const bars = trace.processes.flatMap(process => process.lanes).flatMap(lane => lane.bars);
  const root = bars.find(bar => bar.id === trace.rootId);
  if (!root?.attributes.some(([key]) => key === 'path.ended_ns')) return null;
  const response = await fetch(`/viewer/traces/${encodeURIComponent(trace.traceId)}/blame`);
  return response.ok ? response.json() : null;
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
      el('div', { class: 'drawing' }, blame(trace, page.judged), page.chart.node,
        tokens(trace, page.judged), stageTable(page, trace), content(trace)),
      details.node));
  page.chart.bar.append(findIn(page.chart));
  page.chart.attached();
  page.chart.select(chosen ?? null);
  performance.mark('trace drawn');
}

function heading(trace) {
  const facts = [
    ['Duration', duration(trace.durationNanos)],
    ['Started', clock(trace.startUnixMillis), day(trace.startUnixMillis)],
    ['Spans', trace.spans.toLocaleString('en')],
    ['Processes', trace.processes.length],
  ];
  if (trace.facts.firstTokenNanos !== null) {
    facts.push(['First token', duration(trace.facts.firstTokenNanos)]);
  }
  if (trace.facts.tokensOut !== null) {
    facts.push(['Tokens in, out', `${trace.facts.tokensIn ?? '?'}, ${trace.facts.tokensOut}`]);
  }
  if (trace.facts.ending) facts.push(['Ending', trace.facts.ending]);
  if (trace.errors > 0) facts.push(['Errors', trace.errors, null, 'bad']);
  if (trace.orphans > 0) {
    facts.push(['Not arrived', count(trace.orphans, 'parent'),
      'Spans whose parent has not arrived', 'warn']);
  }
  return el('div', { class: 'heading' },
    el('div', {},
      el('h1', {}, trace.name || '(no name)'),
      el('p', { class: 'id' }, trace.service, ' ', el('code', {}, trace.traceId),
        copyButton(trace.traceId, 'trace id'), ...pinButton(trace)),
      el('p', { class: 'files' }, 'Download ', file(trace, 'otlp', 'OTLP'), ' ',
        file(trace, 'jaeger', 'Jaeger'),
        ' ', file(trace, 'perfetto', 'Perfetto', ''), ' · ',
        el('a', { href: `/viewer/traces/${encodeURIComponent(trace.traceId)}` }, 'raw JSON'), ' · ',
        el('a', { href: `/compare?a=${encodeURIComponent(trace.traceId)}` }, 'compare'))),
    el('dl', { class: 'facts' }, facts.map(([name, value, title, kind]) =>
      el('div', { class: kind, title }, el('dt', {}, name), el('dd', {}, value)))));
}

/** The trace in a format that other programs open. */
function file(trace, format, name, kind = ' JSON') {
  return el('a', { href: `/viewer/traces/${encodeURIComponent(trace.traceId)}/${format}`,
    download: '' }, `${name}${kind}`);
}
