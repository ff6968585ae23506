import { causeBar, causeName } from './causes.js';
import { el } from './dom.js';
import { count, duration, percent } from './format.js';

const WAYS = [['model', 'model'], ['prompt', 'length of the prompt'], ['user.id', 'user']];

/** Which cause makes slow requests slow, of all that are in view and of each group of them. */
export function tail(causes, filters) {
  if (!causes) return null;
  return el('section', { class: 'stages tail' },
    el('h2', {}, 'What makes the slow ones slow'),
    el('p', { class: 'quiet' }, sentence(causes)),
    table(causes, filters), groups(causes, filters));
}

function sentence({ requests, slowest, fromNanos, causes }) {
  const [first] = causes;
  if (requests === slowest) return 'One request alone says nothing of others.';
  const tenth = `The slowest ${slowest.toLocaleString('en')} of ${count(requests, 'request')}, `
    + `each of ${duration(fromNanos)} or more`;
  return first.explains > 0
    ? `${tenth}: ${percent(first.explains)} of what they took longer is ${first.name}.`
    : `${tenth}, took no longer than the others.`;
}

function table({ causes }, filters) {
  return el('table', { class: 'causes' },
    el('caption', { class: 'sr' }, 'Causes, the one that explains most first'),
    el('thead', {}, el('tr', {},
      el('th', { scope: 'col' }, 'Cause'),
      ['Mean', 'Mean of the slowest', 'Explains'].map(name =>
        el('th', { scope: 'col', class: 'number' }, name)))),
    el('tbody', {}, causes.map(cause => el('tr', {},
      el('th', { scope: 'row' }, el('a', { href: link(filters, { cause: cause.name }),
        title: 'The requests that it took most of' }, causeName(cause.name))),
      el('td', { class: 'number' }, duration(cause.meanNanos)),
      el('td', { class: 'number' }, duration(cause.slowestNanos)),
      el('td', { class: 'number' }, percent(cause.explains))))));
}

function groups({ by, groups: all }, filters) {
  const longest = Math.max(...all.map(group => sum(group.causes)), 1);
  return el('div', { class: 'groups' },
    el('label', { class: 'field' }, el('span', {}, 'By'), choice(by, filters)),
    el('table', {},
      el('caption', { class: 'sr' }, 'Groups of requests, the largest first'),
      el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, 'Group'),
        ['Requests', 'p50', 'p99'].map(name => el('th', { scope: 'col', class: 'number' }, name)),
        el('th', { scope: 'col' }, 'Slow because of'),
        el('th', { scope: 'col', class: 'where' }, 'Mean, by cause'))),
      el('tbody', {}, all.map(group => el('tr', {},
        el('th', { scope: 'row' }, group.group || 'not said'),
        [group.requests.toLocaleString('en'), duration(group.p50), duration(group.p99)].map(text =>
          el('td', { class: 'number' }, text)),
        el('td', {}, group.requests > group.slowest && group.causes[0].explains > 0
          ? causeName(group.causes[0].name) : '–'),
        el('td', { class: 'where' }, causeBar(pieces(group.causes),
          `${group.group}: ${duration(sum(group.causes))} on the average`, longest)))))));
}

/** Any attribute of the root can be asked for; these are at hand. */
function choice(by, filters) {
  const ways = WAYS.some(([key]) => key === by) ? WAYS : [...WAYS, [by, by]];
  return el('select', { name: 'grouping', onchange: event => filters.groupBy(event.target.value) },
    ways.map(([key, name]) => el('option', { value: key, selected: key === by }, name)));
}

function pieces(causes) {
  return causes.map(cause => ({ name: cause.name, nanos: cause.meanNanos }));
}

function sum(causes) {
  return causes.reduce((all, cause) => all + cause.meanNanos, 0);
}

function link(filters, more) {
  const query = filters.query();
  for (const name of ['by', 'causeMin']) query.delete(name);
  for (const [name, value] of Object.entries(more)) query.set(name, value);
  return `/?${query}`;
}
