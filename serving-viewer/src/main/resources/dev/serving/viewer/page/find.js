import { el } from './dom.js';
import { count, plain } from './format.js';

/** Search within a trace: marks the spans that have the text, and walks from one to the next. */
export function findIn(chart) {
  const said = el('output', { class: 'found-count' });
  let found = [];
  let at = -1;
  const input = el('input', {
    type: 'search', name: 'find', placeholder: 'Find in this trace', 'aria-label': 'Find in this trace',
    oninput: () => {
      const text = input.value.trim().toLowerCase();
      found = text ? [...chart.trace.bars.values()].filter(bar => textOf(bar).includes(text)) : [];
      at = -1;
      chart.mark(text ? new Set(found.map(bar => bar.id)) : null);
      said.textContent = text ? count(found.length, 'span') : '';
    },
    onkeydown: event => {
      if (event.key !== 'Enter' || found.length === 0) return;
      event.preventDefault();
      at = (at + (event.shiftKey ? found.length - 1 : 1)) % found.length;
      said.textContent = `${(at + 1).toLocaleString('en')} of ${count(found.length, 'span')}`;
      chart.select(found[at].id, { reveal: true, focus: false });
    },
  });
  return el('div', { class: 'find', role: 'search' }, input, said);
}

/** Everything of a span that can be searched, made once. */
function textOf(bar) {
  bar.text ??= [bar.name, bar.id, bar.message, ...bar.attributes.flat(),
    ...bar.events.flatMap(event => [event.name, ...event.attributes.flat()])]
    .map(plain).join('\n').toLowerCase();
  return bar.text;
}
