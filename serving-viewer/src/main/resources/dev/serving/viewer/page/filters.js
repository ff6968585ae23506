import { CAUSES } from './causes.js';
import { el } from './dom.js';

const FIELDS = ['service', 'operation', 'where', 'minDuration', 'maxDuration', 'stage', 'stageMin',
  'stageMax', 'cause', 'causeMin', 'status', 'id', 'from', 'to', 'text', 'errors', 'pinned', 'by', 'sort'];
const MORE = ['stage', 'stageMin', 'stageMax', 'cause', 'causeMin', 'maxDuration', 'status', 'id',
  'from', 'to', 'pinned'];
const STAGES = ['PREPROCESSING', 'SCHEDULE', 'PREFILL', 'DECODE', 'POSTPROCESSING'];

/**
 * What a list or its statistics are about: a form whose fields stand in the page's address, so
 * that a link to it shows the same. `onchange` is told of whatever the reader changes.
 */
export class Filters {
  constructor(path, onchange) {
    this.path = path;
    this.onchange = onchange;
    const given = new URLSearchParams(location.search);
    this.wanted = given.get('service') ?? '';
    this.form = this.build(given);
    this.form.addEventListener('input', () => this.changed());
  }

  /** The parameters of what is asked. */
  query() {
    const parameters = new URLSearchParams([...new FormData(this.form)]
      .map(([name, value]) => [name, name === 'from' || name === 'to' ? millis(value) : value])
      .filter(([name, value]) => FIELDS.includes(name) && value !== ''));
    if (this.wanted && !this.service.value) parameters.set('service', this.wanted);
    return parameters;
  }

  live() {
    return this.checkLive.checked;
  }

  /** The stage that is asked for, or another span. */
  get stage() {
    return this.query().get('stage') ?? '';
  }

  /** What statistics are grouped by. */
  groupBy(by) {
    this.grouping.value = by;
    this.changed();
  }

  get sort() {
    return this.sorting.value;
  }

  sortBy(sort) {
    this.sorting.value = sort;
    this.changed();
  }

  /** Takes a stretch of time, in milliseconds since the epoch; null for all of it. */
  between(from, to) {
    this.from.value = from === null ? '' : local(from);
    this.to.value = to === null ? '' : local(to);
    this.changed();
  }

  /** Which services there are to choose from. */
  offer(names) {
    const chosen = this.service.value || this.wanted;
    this.wanted = '';
    const all = chosen && !names.includes(chosen) ? [...names, chosen] : names;
    this.service.replaceChildren(...options(['', ...all], chosen));
  }

  changed() {
    const query = this.query().toString();
    history.replaceState(null, '', query ? `${this.path}?${query}` : this.path);
    this.onchange();
  }

  build(given) {
    const value = name => given.get(name) ?? '';
    const input = (name, more) => el('input', { name, value: value(name), ...more });
    const time = name => input(name, { type: 'datetime-local', step: 0.001, value: local(value(name)) });
    const operations = el('datalist', { id: 'operations' });
    this.service = el('select', { name: 'service' }, options([''], ''));
    this.sorting = input('sort', { type: 'hidden' });
    this.grouping = input('by', { type: 'hidden' });
    this.from = time('from');
    this.to = time('to');
    this.checkLive = el('input', { type: 'checkbox', checked: true });
    const more = [
      field('Stage', el('select', { name: 'stage' }, options(['', ...STAGES], value('stage')))),
      field('takes at least', input('stageMin', { placeholder: '100ms', size: 7 })),
      field('at most', input('stageMax', { placeholder: '1s', size: 7 })),
      field('Top cause', el('select', { name: 'cause' }, options(['', ...known(value('cause'))],
        value('cause')))),
      field('or it takes at least', input('causeMin', { placeholder: '50ms', size: 7 })),
      field('Lasts at most', input('maxDuration', { placeholder: '2s', size: 7 })),
      field('Status', input('status', { placeholder: '200, 5xx', size: 7 })),
      field('Request id', input('id', { size: 18 })),
      field('From', this.from), field('To', this.to),
      check(input('pinned', { type: 'checkbox', value: 'true',
        checked: value('pinned') === 'true' }), 'Pinned only')];
    const open = MORE.some(name => given.has(name));
    return el('form', { class: 'filters', role: 'search', 'aria-label': 'Filters',
      onsubmit: event => event.preventDefault() },
    field('Service', this.service),
    field('Span', input('operation', { list: 'operations', placeholder: 'any',
      onfocus: () => suggest(operations, this.service.value) })),
    field('Where', input('where', { placeholder: 'tier=gold and tokens>100',
      title: 'Attributes of one span: = the value, ~ a part of it, > and < numbers' })),
    field('At least', input('minDuration', { placeholder: '100ms', size: 7 })),
    field('Search', input('text', { type: 'search',
      placeholder: 'name, attribute, error, trace id' }), 'wide'),
    check(input('errors', { type: 'checkbox', value: 'true',
      checked: value('errors') === 'true' }), 'Errors only'),
    this.path === '/' ? check(this.checkLive, 'Live') : null,
    el('details', { class: 'more', open }, el('summary', {}, 'More filters'),
      el('div', { class: 'filters' }, more)),
    operations, this.sorting, this.grouping);
  }
}

function field(name, input, kind = '') {
  return el('label', { class: `field ${kind}` }, el('span', {}, name), input);
}

/** A cause of another server's, that a link asks for, can be chosen too. */
function known(cause) {
  return cause === '' || CAUSES.includes(cause) ? CAUSES : [...CAUSES, cause];
}

function check(input, name) {
  return el('label', { class: 'check' }, input, name);
}

function options(values, chosen) {
  return values.map(value =>
    el('option', { value, selected: value === chosen }, value || 'any'));
}

/** A time as the input wants it, on the reader's clock; empty for none. */
function local(unixMillis) {
  if (unixMillis === '') return '';
  const time = new Date(Number(unixMillis));
  if (Number.isNaN(time.getTime())) return '';
  const shifted = new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 23);
}

function millis(local) {
  return local === '' ? '' : String(new Date(local).getTime());
}

async function suggest(datalist, service) {
  const response = await fetch(`/viewer/operations?service=${encodeURIComponent(service)}`);
  const { operations } = await response.json();
  datalist.replaceChildren(...operations.map(name => el('option', { value: name })));
}
