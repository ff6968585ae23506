import { causeName } from './causes.js';
import { el, show } from './dom.js';
import { duration } from './format.js';

/** Two traces stage by stage; which ones stands in the page's address. */
export async function showCompare(main) {
  const given = new URLSearchParams(location.search);
  const inputs = ['a', 'b'].map(name => el('input', {
    name, value: given.get(name) ?? '', size: 34, placeholder: 'trace id', spellcheck: 'false' }));
  const form = el('form', { class: 'filters', 'aria-label': 'Which traces', onsubmit: event => {
    event.preventDefault();
    const chosen = new URLSearchParams([...new FormData(form)].map(([k, v]) => [k, v.trim()]));
    history.replaceState(null, '', `/compare?${chosen}`);
    draw();
  } }, inputs.map((input, i) => el('label', { class: 'field' },
    el('span', {}, i ? 'Second trace' : 'First trace'), input)),
  el('button', { type: 'submit', class: 'icon' }, 'Compare'));
  const result = el('div');
  main.replaceChildren(el('h1', {}, 'Compare two traces'), form, result);
  const draw = () => compare(result, inputs.map(input => input.value.trim()));
  await draw();
}

async function compare(result, [a, b]) {
  if (!a || !b) {
    result.replaceChildren(el('p', { class: 'notice' }, 'Give the ids of two traces.'));
    return;
  }
  const response = await fetch(`/viewer/compare?${new URLSearchParams({ a, b })}`);
  const answer = await response.json();
  if (answer.error) {
    result.replaceChildren(el('p', { class: 'notice', role: 'alert' }, answer.error));
    return;
  }
  const rows = [
    ['Whole request', answer.a.durationNanos, answer.b.durationNanos, duration],
    ['First token', answer.a.firstTokenNanos, answer.b.firstTokenNanos, duration],
    ...answer.stages.map(({ stage, a: one, b: other }) => [stage, one, other, duration]),
    ['Tokens in', answer.a.tokensIn, answer.b.tokensIn, String],
    ['Tokens out', answer.a.tokensOut, answer.b.tokensOut, String],
    ['Spans', answer.a.spans, answer.b.spans, String]];
  show(result, el('section', { class: 'stages' }, el('table', { class: 'compared' },
    el('caption', { class: 'sr' }, 'Both traces stage by stage'),
    el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, 'Stage'), head(answer.a), head(answer.b),
      el('th', { scope: 'col', class: 'number difference' }, 'Difference'),
      el('th', { scope: 'col', class: 'number' }, 'Ratio'))),
    el('tbody', {}, rows.map(row)),
    answer.causes.length === 0 ? null : el('tbody', { class: 'by-cause' },
      el('tr', {}, el('th', { scope: 'rowgroup', colspan: 5 }, 'What the time went to')),
      answer.causes.map(({ cause, a: one, b: other }) =>
        row([causeName(cause), one, other, duration]))))));
}

function head(trace) {
  return el('th', { scope: 'col', class: 'number' },
    el('a', { href: `/trace/${encodeURIComponent(trace.traceId)}` }, trace.traceId.slice(0, 8)),
    el('span', { class: 'of-name' }, ' ', trace.name));
}

function row([name, a, b, format]) {
  const cell = value => el('td', { class: 'number' }, value === null ? '–' : format(value));
  const both = a !== null && b !== null;
  const more = both && b > a ? '+' : '';
  return el('tr', {}, el('th', { scope: 'row' }, name), cell(a), cell(b),
    el('td', { class: 'number difference' }, both ? more + format(b - a) : '–'),
    el('td', { class: 'number' }, both && a > 0 ? `× ${(b / a).toFixed(2)}` : '–'));
}
