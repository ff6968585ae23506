import { copyButton } from './copy.js';
import { el, show } from './dom.js';
import { duration, percent, plain } from './format.js';

const LONG = 300;
const CUT = 100;

/** Everything known about the chosen span. */
export class Details {
  constructor(trace, { onspan, onclose }) {
    this.trace = trace;
    this.onspan = onspan;
    this.onclose = onclose;
    this.node = el('aside', { class: 'details', 'aria-label': 'Chosen span' });
  }

  /** Shows the chosen bar; if there is none, the root, unless there is no room beside the lanes. */
  show(chosen) {
    const { trace } = this;
    const bar = chosen ?? trace.bars.get(trace.rootId);
    this.node.classList.toggle('resting', chosen === null);
    show(this.node,
      el('div', { class: 'details-head' },
        el('h2', {}, bar.name || '(no name)'),
        el('button', {
          type: 'button', class: 'icon', 'aria-label': 'Close details', onclick: this.onclose,
        }, '×')),
      bar.failed ? el('p', { class: 'failure' }, bar.message || 'failed') : null,
      pairs([
        ['Lasts', duration(bar.duration)],
        ['Begins at', duration(bar.at)],
        ['Ends at', duration(bar.at + bar.duration)],
        ['Share', percent(bar.duration / Math.max(1, trace.durationNanos))],
        ['Lane', [bar.process.service, bar.lane.label, bar.lane.rank].filter(Boolean).join(' · ')],
        ['Kind', bar.kind],
      ], 'timing'),
      section('Attributes', bar.attributes.length, pairs(bar.attributes)),
      section('Events', bar.events.length, bar.events.map(event => this.event(event))),
      section('Links', bar.links.length + bar.linkedBy.length, this.links(bar)),
      el('details', {}, el('summary', {}, 'Process'), pairs(bar.resource)),
      el('details', {}, el('summary', {}, 'Ids'), pairs([
        ['trace', trace.traceId], ['span', bar.id], ['parent', bar.parent || 'none'],
        ['scope', bar.scope || 'none']]),
      copyButton(bar.id, 'span id')));
    this.node.scrollTop = 0;
  }

  event(event) {
    return el('div', { class: 'event' },
      el('p', {}, el('b', {}, event.name), el('span', {}, `at ${duration(event.at)}`)),
      pairs(event.attributes));
  }

  links(bar) {
    const from = bar.links.map(link => this.link('from ', link));
    const by = bar.linkedBy.map(other =>
      el('li', {}, 'to ', this.jump(other.name, other.id)));
    return el('ul', { class: 'links' }, from, by);
  }

  link(word, link) {
    const target = this.trace.bars.get(link.spanId);
    if (link.traceId === this.trace.traceId && target) {
      return el('li', {}, word, this.jump(target.name, target.id), pairs(link.attributes));
    }
    return el('li', {}, word, el('a', { href: `/trace/${encodeURIComponent(link.traceId)}` },
      `span ${link.spanId} of trace ${link.traceId.slice(0, 8)}…`), pairs(link.attributes));
  }

  jump(name, id) {
    return el('button', { type: 'button', class: 'jump', onclick: () => this.onspan(id) }, name);
  }
}

function section(title, number, content) {
  return number === 0 ? null : el('section', {}, el('h3', {}, title), content);
}

function pairs(entries, kind = '') {
  if (entries.length === 0) return null;
  return el('dl', { class: `pairs ${kind}` }, entries.map(([key, value]) =>
    el('div', {}, el('dt', {}, breakable(key)), el('dd', {}, folded(plain(value))))));
}

/** What is long, such as a prompt, is there for who wants it. */
function folded(text) {
  return text.length <= LONG ? text
    : el('details', { class: 'folded' }, el('summary', {}, `${text.slice(0, CUT)}…`), text);
}

/** Lets a long name of many parts break between them. */
function breakable(key) {
  return key.split(/(?<=[._])/).flatMap(part => [part, el('wbr')]);
}
