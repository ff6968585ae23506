import { el } from './dom.js';
import { clock, count, day, duration } from './format.js';

/** Name, what it sorts by, kind of cell; those that no trace has a value for are left out. */
const COLUMNS = [
  ['Started', 'start', 'when'],
  ['Request', 'name', 'what'],
  ['Status', 'status', 'status-code', trace => trace.status],
  ['Ending', 'ending', 'ending', trace => trace.ending || null],
  ['Duration', 'duration', 'long'],
  ['', 'stage', 'number', trace => trace.stageNanos, duration],
  ['First token', 'first_token', 'number', trace => trace.firstTokenNanos, duration],
  ['In', 'tokens_in', 'number', trace => trace.tokensIn],
  ['Out', 'tokens_out', 'number', trace => trace.tokensOut],
  ['Model', 'model', 'model', trace => trace.model || null],
  ['Ranks', 'ranks', 'number', trace => trace.ranks || null],
  ['Top cause', 'cause', 'cause', trace => trace.topCause || null],
  ['Spans', 'spans', 'number'],
  ['Services', null, 'who'],
];

/**
 * The traces as a table whose heads sort it: `sort` is a column's name, with a minus downwards;
 * `stage` the one that has a column of its own, `picks` what was picked to be compared.
 */
export function table(traces, { sort, stage, picks }, onsort) {
  const columns = COLUMNS.filter(([, key, , value]) =>
    !value || sort.replace('-', '') === key
    || traces.some(trace => value(trace) !== null && value(trace) !== undefined))
    .map(column => column[1] === 'stage' ? [stage, ...column.slice(1)] : column);
  const longest = Math.max(...traces.map(trace => trace.durationNanos), 1);
  return el('table', { class: 'traces' },
    el('caption', { class: 'sr' }, 'Traces; the heads of the columns sort them'),
    el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, el('span', { class: 'sr' }, 'Compare')),
      columns.map(column => head(column, sort, onsort)))),
    el('tbody', {}, traces.map(trace => row(trace, columns, longest, picks))));
}

function head([name, key, kind], sort, onsort) {
  if (!key) return el('th', { scope: 'col', class: kind }, name);
  const now = sort || '-start';
  const direction = now === key ? 'ascending' : now === `-${key}` ? 'descending' : null;
  const text = ['name', 'model', 'ending', 'cause'].includes(key);
  const next = direction === null ? (text ? key : `-${key}`)
    : direction === 'descending' ? key : `-${key}`;
  return el('th', { scope: 'col', class: kind, 'aria-sort': direction },
    el('button', { type: 'button', class: 'sort', 'data-sort': key, onclick: () => onsort(next) },
      name, el('i', { 'aria-hidden': 'true' },
        direction === 'ascending' ? ' ▲' : direction === 'descending' ? ' ▼' : '')));
}

function row(trace, columns, longest, picks) {
  return el('tr', { 'data-id': trace.traceId, class: trace.errors > 0 ? 'failed' : null },
    el('td', { class: 'picking' }, picks.box(trace)),
    columns.map(column => cell(trace, column, longest)));
}

function cell(trace, [name, key, kind, value, format = plainNumber], longest) {
  if (key === 'start') {
    return el('td', { class: kind, title: day(trace.startUnixMillis) }, clock(trace.startUnixMillis));
  }
  if (key === 'name') return request(trace);
  if (key === 'duration') return long(trace, longest);
  if (key === 'spans') {
    return el('td', { class: 'number spans', 'data-unit': trace.spans === 1 ? ' span' : ' spans' },
      trace.spans);
  }
  if (key === null) {
    return el('td', { class: kind }, trace.services.map(service =>
      el('span', { class: service.errors > 0 ? 'tag bad' : 'tag' },
        service.name, el('i', {}, service.spans))));
  }
  const known = value(trace);
  const bad = key === 'status' && known >= 400 ? ' bad' : '';
  return el('td', { class: `${kind} fact${bad}`, 'data-label': name },
    known === null || known === undefined ? '' : format(known));
}

function plainNumber(value) {
  return typeof value === 'number' && value > 999 ? value.toLocaleString('en') : String(value);
}

function request(trace) {
  return el('td', { class: 'what' },
    el('a', { href: `/trace/${encodeURIComponent(trace.traceId)}` }, trace.name || '(no name)'),
    el('code', { title: trace.requestId || null }, trace.traceId.slice(0, 8)),
    trace.errors > 0 ? el('span', { class: 'badge bad' }, count(trace.errors, 'error')) : null,
    trace.pinned ? el('span', { class: 'badge', title: 'Stays here whatever comes' }, 'pinned') : null,
    trace.orphans > 0 ? el('span', { class: 'badge', title: 'Some spans have not arrived' },
      'incomplete') : null);
}

function long(trace, longest) {
  const bar = el('span', { class: 'meter' });
  bar.style.setProperty('--share', trace.durationNanos / longest);
  return el('td', { class: 'long' }, el('span', {}, duration(trace.durationNanos)), bar);
}
