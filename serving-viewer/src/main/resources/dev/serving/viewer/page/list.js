import { el, svg } from './dom.js';
import { clock, count, day, duration } from './format.js';

const REFRESH_MILLIS = 2000;
const FIELDS = ['service', 'operation', 'where', 'minDuration', 'text', 'errors'];

/** The list of traces with its filters; refreshes itself while it is in view. */
export async function showList(main) {
  const filters = filterBar();
  const plot = el('div', { class: 'plot' });
  const table = el('div');
  main.replaceChildren(
    el('h1', { class: 'sr' }, 'Traces'), filters.form, plot, table);
  const list = { filters, plot, table, shown: null };
  filters.form.addEventListener('input', () => {
    history.replaceState(null, '', filters.address());
    refresh(list);
  });
  await refresh(list);
  tick(list);
}

function tick(list) {
  setTimeout(async () => {
    if (!document.hidden && list.filters.live()) await refresh(list);
    tick(list);
  }, REFRESH_MILLIS);
}

async function refresh(list) {
  const asked = list.asked = Symbol('newest wins');
  let answer;
  try {
    const response = await fetch(`/viewer/traces?${list.filters.query()}`);
    answer = await response.json();
  } catch {
    // No connection: the head of the page says so, and the list stays as it was.
    return;
  }
  if (answer.error) {
    if (list.asked === asked) notice(list, answer.error);
    return;
  }
  const text = JSON.stringify(answer);
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

function draw(list, { traces, held }) {
  if (traces.length === 0) {
    list.plot.replaceChildren();
    list.table.replaceChildren(empty(held));
    return;
  }
  const focused = document.activeElement?.closest?.('tr')?.dataset.id;
  const longest = Math.max(...traces.map(trace => trace.durationNanos), 1);
  list.plot.replaceChildren(scatter(traces));
  list.table.replaceChildren(table(traces, longest),
    el('p', { class: 'quiet shown' }, `${traces.length.toLocaleString('en')} of ${count(held, 'trace')}`));
  // A refresh must not take the keyboard's place in the list away.
  if (focused) list.table.querySelector(`tr[data-id="${focused}"] a`)?.focus();
}

function empty(held) {
  if (held > 0) return el('p', { class: 'notice' }, 'No trace matches these filters.');
  const endpoint = `${location.origin}/v1/traces`;
  return el('div', { class: 'notice' },
    el('p', {}, 'No trace has arrived yet.'),
    el('p', {}, 'Send OTLP over HTTP to ', el('code', {}, endpoint), '.'),
    el('pre', {}, `serving serve --trace-enable --otlp-traces-endpoint ${endpoint}`));
}

function table(traces, longest) {
  const heads = [['Started', ''], ['Request', ''], ['Duration', ''], ['Spans', 'number'],
    ['Services', '']];
  return el('table', { class: 'traces' },
    el('thead', {}, el('tr', {}, heads.map(([name, kind]) => el('th', { class: kind }, name)))),
    el('tbody', {}, traces.map(trace => row(trace, longest))));
}

function row(trace, longest) {
  const bar = el('span', { class: 'meter' });
  bar.style.setProperty('--share', trace.durationNanos / longest);
  return el('tr', { 'data-id': trace.traceId, class: trace.errors > 0 ? 'failed' : null },
    el('td', { class: 'when', title: day(trace.startUnixMillis) }, clock(trace.startUnixMillis)),
    el('td', { class: 'what' },
      el('a', { href: `/trace/${encodeURIComponent(trace.traceId)}` }, trace.name || '(no name)'),
      el('code', {}, trace.traceId.slice(0, 8)),
      trace.errors > 0 ? el('span', { class: 'badge bad' }, count(trace.errors, 'error')) : null,
      trace.orphans > 0 ? el('span', { class: 'badge', title: 'Some spans have not arrived' },
        'incomplete') : null),
    el('td', { class: 'long' }, el('span', {}, duration(trace.durationNanos)), bar),
    el('td', { class: 'number', 'data-unit': trace.spans === 1 ? ' span' : ' spans' }, trace.spans),
    el('td', { class: 'who' }, trace.services.map(service =>
      el('span', { class: service.errors > 0 ? 'tag bad' : 'tag' },
        service.name, el('i', {}, service.spans)))));
}

/** When and how long, at a glance: time to the right, duration upwards on a logarithmic scale. */
function scatter(traces) {
  const starts = traces.map(trace => trace.startUnixMillis);
  const logs = traces.map(trace => Math.log10(Math.max(trace.durationNanos, 1)));
  const [from, to] = [Math.min(...starts), Math.max(...starts)];
  const [low, high] = [Math.floor(Math.min(...logs)), Math.ceil(Math.max(...logs) + 1e-9)];
  const x = value => `${1.5 + 97 * (to > from ? (value - from) / (to - from) : 0.5)}%`;
  const y = log => 76 - 62 * (high > low ? (log - low) / (high - low) : 0.5);
  const lines = [low, high].map(log => [
    svg('line', { x1: 0, x2: '100%', y1: y(log), y2: y(log) }),
    svg('text', { x: 0, y: y(log) - 4 }, duration(10 ** log))]);
  const dots = traces.map((trace, i) => svg('a', {
    href: `/trace/${encodeURIComponent(trace.traceId)}`, tabindex: -1 },
    svg('circle', { cx: x(starts[i]), cy: y(logs[i]), r: 4, class: trace.errors ? 'bad' : '' }),
    svg('title', {}, `${trace.name}, ${duration(trace.durationNanos)}`)));
  return svg('svg', { class: 'scatter', height: 84, 'aria-hidden': true }, lines.flat(), dots);
}

function filterBar() {
  const given = new URLSearchParams(location.search);
  const service = el('select', { name: 'service' }, el('option', { value: '' }, 'any'));
  const operations = el('datalist', { id: 'operations' });
  const operation = el('input', {
    name: 'operation', list: 'operations', placeholder: 'any', value: given.get('operation') ?? '',
    onfocus: () => suggest(operations, service.value),
  });
  const min = el('input', {
    name: 'minDuration', placeholder: '100ms', size: 7, value: given.get('minDuration') ?? '' });
  const text = el('input', {
    name: 'text', type: 'search', placeholder: 'name, attribute, error, trace id',
    value: given.get('text') ?? '' });
  const where = el('input', {
    name: 'where', placeholder: 'tier=gold and tokens>100', value: given.get('where') ?? '',
    title: 'Attributes of one span: = the value, ~ a part of it, > and < numbers' });
  const errors = el('input', {
    name: 'errors', type: 'checkbox', value: 'true', checked: given.get('errors') === 'true' });
  const live = el('input', { type: 'checkbox', checked: true });
  const form = el('form', { class: 'filters', onsubmit: event => event.preventDefault() },
    field('Service', service), field('Span', operation), field('Where', where),
    field('At least', min),
    field('Search', text, 'wide'),
    el('label', { class: 'check' }, errors, 'Errors only'),
    el('label', { class: 'check' }, live, 'Live'), operations);
  const query = () => new URLSearchParams(
    [...new FormData(form)].filter(([name, value]) => FIELDS.includes(name) && value !== ''));
  let wanted = given.get('service') ?? '';
  return {
    form,
    live: () => live.checked,
    query: () => {
      const parameters = query();
      if (wanted && !service.value) parameters.set('service', wanted);
      return parameters;
    },
    address: () => `/?${query()}`,
    offer: names => {
      const chosen = service.value || wanted;
      wanted = '';
      const all = chosen && !names.includes(chosen) ? [...names, chosen] : names;
      service.replaceChildren(el('option', { value: '' }, 'any'),
        ...all.map(name => el('option', { value: name, selected: name === chosen }, name)));
    },
  };
}

function field(name, input, kind = '') {
  return el('label', { class: `field ${kind}` }, el('span', {}, name), input);
}

async function suggest(datalist, service) {
  const response = await fetch(`/viewer/operations?service=${encodeURIComponent(service)}`);
  const { operations } = await response.json();
  datalist.replaceChildren(...operations.map(name => el('option', { value: name })));
}
