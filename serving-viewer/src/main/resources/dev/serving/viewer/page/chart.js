import { drawArrows } from './arrows.js';
import { attr, el, offset, svg } from './dom.js';
import { duration, niceStep, tick } from './format.js';
import { listenToKeys, KEYS } from './keys.js';
import { barTop, index, laneHeight, ROW } from './model.js';
import { causePath } from './path.js';
import { listenToPointer } from './pointer.js';
import { drawWaits } from './waits.js';

const TICK_PIXELS = 110;
const SHORT_PIXELS = 110;
const TINY_PIXELS = 36;

/**
 * The lanes of one trace. `view` is the stretch of time in sight, in nanoseconds from the trace's
 * begin; only what lies in it and is wide enough to see has an element in the page.
 */
export class Chart {
  constructor(trace, { onselect, view }) {
    this.trace = trace;
    this.lanes = index(trace);
    this.manyHosts = new Set(trace.processes.map(process => process.host)).size > 1;
    this.whole = Math.max(1, trace.durationNanos);
    this.view = view ?? { from: 0, to: this.whole };
    this.onselect = onselect;
    this.selected = null;
    this.path = causePath(trace);
    this.found = null;
    this.elements = new Map();
    this.node = this.build();
  }

  /** To be called once the node is in the page, so that widths are known. */
  attached() {
    new ResizeObserver(() => this.draw()).observe(this.board);
    this.draw();
  }

  select(id, { reveal = false, focus = reveal } = {}) {
    const bar = id === null ? null : this.trace.bars.get(id) ?? null;
    this.selected = bar?.id ?? null;
    if (bar && reveal) this.reveal(bar);
    this.onselect(bar);
    this.draw();
    if (bar && focus) this.elements.get(bar.id)?.focus();
  }

  /** Marks the spans of these ids and dims the others; null marks none. */
  mark(ids) {
    this.found = ids;
    this.node.classList.toggle('searched', ids !== null);
    this.draw();
  }

  // Building

  build() {
    this.axis = el('div', { class: 'axis' });
    this.grid = el('div', { class: 'grid', 'aria-hidden': true });
    this.arrows = svg('svg', { class: 'arrows', 'aria-hidden': true });
    this.cursor = el('div', { class: 'cursor', hidden: true }, el('span'));
    this.tip = el('div', { class: 'tip', role: 'status', hidden: true });
    this.range = el('output', { class: 'range' });
    this.board = el('div', {
      class: 'board', tabindex: 0, role: 'group', 'aria-label': 'Lanes of the trace',
      'aria-description': KEYS,
    }, this.grid, this.trace.processes.map(process => this.process(process)), this.arrows,
    this.cursor);
    listenToPointer(this);
    listenToKeys(this);
    return el('section', { class: 'chart' }, this.toolbar(),
      el('div', { class: 'axis-row' }, el('div', { class: 'gutter' }), this.axis),
      this.board, this.tip);
  }

  toolbar() {
    const button = (label, sign, action) => el('button', {
      type: 'button', class: 'icon', 'aria-label': label, title: label, onclick: action,
    }, sign);
    const path = el('button', {
      type: 'button', class: 'icon', 'aria-pressed': 'false',
      title: 'The stages that led to the end, each through the link that ended last',
      onclick: () => {
        const on = this.node.classList.toggle('show-path');
        path.setAttribute('aria-pressed', String(on));
      },
    }, 'Path of cause');
    this.bar = el('div', { class: 'toolbar' },
      el('h2', {}, 'Lanes'), this.range,
      el('span', { class: 'hint' }, 'drag to move · Ctrl + wheel to zoom · double-click a span'),
      button('Zoom out', '−', () => this.zoom(1.6)),
      button('Zoom in', '+', () => this.zoom(1 / 1.6)),
      button('Fit: show the whole trace', 'Fit', () => this.look(0, this.whole)), path);
    return this.bar;
  }

  process(process) {
    return el('div', { class: 'process' },
      el('p', { class: 'process-name' }, process.service,
        process.pid ? el('span', {}, `pid ${process.pid}`) : null,
        this.manyHosts ? el('span', {}, process.host) : null),
      process.lanes.map(lane => this.lane(lane)));
  }

  lane(lane) {
    lane.track = el('div', { class: 'track' });
    lane.track.style.height = `${laneHeight(lane)}px`;
    return el('div', { class: 'lane' },
      el('div', { class: 'lane-name' }, el('span', {}, lane.label || 'request'),
        lane.rank ? el('span', { class: 'rank' }, lane.rank) : null),
      lane.track);
  }

  // Drawing

  draw() {
    const track = this.lanes[0].track;
    this.width = track.clientWidth;
    if (this.width === 0) return;
    this.left = offset(track, this.board).x;
    this.scale = this.width / (this.view.to - this.view.from);
    this.drawAxis();
    for (const lane of this.lanes) this.drawLane(lane);
    drawWaits(this);
    drawArrows(this);
    const { from, to } = this.view;
    this.range.textContent = from > 0 || to < this.whole
      ? `${duration(from)} – ${duration(to)}` : duration(this.whole);
  }

  /** Pixels from the track's left edge. */
  x(nanos) {
    return (nanos - this.view.from) * this.scale;
  }

  drawAxis() {
    const step = niceStep(TICK_PIXELS / this.scale);
    const ticks = [];
    for (let at = Math.ceil(this.view.from / step) * step; at <= this.view.to; at += step) {
      ticks.push(at);
    }
    this.axis.replaceChildren(...ticks.map(at => {
      const x = this.x(at);
      const mark = el('span', { class: x > this.width - 60 ? 'late' : null }, tick(at, step));
      mark.style.left = `${x}px`;
      return mark;
    }));
    this.grid.replaceChildren(...ticks.map(at => {
      const line = el('i');
      line.style.left = `${this.left + this.x(at)}px`;
      return line;
    }));
  }

  drawLane(lane) {
    const rightOfRow = [];
    for (const bar of lane.bars) {
      const from = Math.max(-8, this.x(bar.at));
      const to = Math.min(this.width + 8, this.x(bar.at + bar.duration));
      const seen = to >= 0 && from <= this.width;
      const hidden = bar.level !== 'lane' && bar.id !== this.selected && !this.path.spans.has(bar.id)
        && to < (rightOfRow[bar.row] ?? -1) + 1;
      if (!seen || hidden) {
        this.remove(bar);
        continue;
      }
      const width = Math.max(2, to - from);
      rightOfRow[bar.row] = bar.level === 'lane' ? rightOfRow[bar.row] : from + width;
      this.place(bar, from, width);
    }
  }

  place(bar, x, width) {
    const node = this.elements.get(bar.id) ?? this.create(bar);
    node.style.transform = `translateX(${x}px)`;
    node.style.width = `${width}px`;
    attr(node, 'aria-pressed', bar.id === this.selected ? 'true' : 'false');
    attr(node, 'tabindex', bar.id === (this.selected ?? this.trace.rootId) ? 0 : -1);
    node.classList.toggle('found', this.found?.has(bar.id) ?? false);
    node.classList.toggle('short', width < SHORT_PIXELS);
    node.classList.toggle('tiny', width < TINY_PIXELS);
    for (const mark of node.querySelectorAll('.mark')) {
      mark.style.left = `${this.x(bar.at + Number(mark.dataset.after)) - x}px`;
    }
  }

  create(bar) {
    const marks = bar.events.map(event => el('i', {
      class: 'mark', 'data-after': event.at - bar.at, title: event.name }));
    const node = el('button', {
      type: 'button',
      class: ['bar', bar.level, bar.stage ? `stage-${bar.stage}` : '', bar.isStage ? 'whole' : '',
        bar.failed ? 'failed' : '', bar.truncated ? 'cut' : '',
        this.path.spans.has(bar.id) ? 'on-path' : ''].filter(Boolean).join(' '),
      'data-id': bar.id, 'aria-label': describe(bar),
    }, el('span', {}, bar.name), ' ', el('em', {}, duration(bar.duration)), marks);
    node.style.top = bar.level === 'lane' ? '0' : `${barTop(bar)}px`;
    this.elements.set(bar.id, node);
    if (bar.level === 'lane') {
      bar.lane.track.prepend(node); // under its slices, also where it is drawn after them
    } else {
      bar.lane.track.append(node);
    }
    return node;
  }

  remove(bar) {
    const node = this.elements.get(bar.id);
    if (!node || node === document.activeElement) return;
    node.remove();
    this.elements.delete(bar.id);
  }

  // Moving

  look(from, to) {
    const span = Math.min(this.whole, Math.max(to - from, Math.min(this.whole, 1000)));
    const start = Math.min(Math.max(0, from), this.whole - span);
    this.view = { from: start, to: start + span };
    this.draw();
  }

  zoom(factor, around = (this.view.from + this.view.to) / 2) {
    const { from, to } = this.view;
    this.look(around - (around - from) * factor, around + (to - around) * factor);
  }

  move(share) {
    const by = (this.view.to - this.view.from) * share;
    this.look(this.view.from + by, this.view.to + by);
  }

  zoomTo(bar) {
    const room = Math.max(bar.duration * 0.08, 500);
    this.look(bar.at - room, bar.at + bar.duration + room);
  }

  /** Brings a span into view without a jump if it is there already. */
  reveal(bar) {
    const { from, to } = this.view;
    const seen = bar.at < to && bar.at + bar.duration > from;
    if (!seen || bar.duration * this.scale < 6) {
      const room = Math.max(bar.duration * 3, (to - from) / 20);
      this.look(bar.at - room, bar.at + bar.duration + room);
    }
    bar.lane.track.scrollIntoView({ block: 'nearest' });
  }

  // Telling

  hover(event) {
    const x = event.clientX - this.trackLeft();
    this.cursor.hidden = x < 0 || x > this.width;
    this.cursor.style.transform = `translateX(${this.left + x}px)`;
    this.cursor.firstChild.textContent = duration(this.timeAt(event.clientX));
    this.cursor.classList.toggle('late', x > this.width - 80);
    const bar = this.barOf(event.target);
    if (bar && event.pointerType !== 'touch') this.showTip(bar, event.target.closest('.bar'), x);
    else this.tip.hidden = true;
  }

  unhover() {
    this.cursor.hidden = true;
    this.tip.hidden = true;
  }

  showTip(bar, node, x = 0) {
    const place = offset(node, this.node);
    const lane = [bar.lane.label, bar.lane.rank].filter(Boolean).join(' · ');
    this.tip.replaceChildren(
      el('b', {}, bar.name), el('span', {}, duration(bar.duration)),
      el('small', {}, `at ${duration(bar.at)}${lane ? `, ${lane}` : ''}`),
      bar.failed ? el('small', { class: 'bad' }, bar.message || 'failed') : null,
      ...bar.attributes.slice(0, 4).map(([key, value]) => el('small', {}, `${key} = ${value}`)));
    this.tip.hidden = false;
    const trackLeft = offset(bar.lane.track, this.node).x;
    const at = x > 0 ? trackLeft + x + 12 : Math.max(trackLeft, place.x);
    const most = this.node.clientWidth - this.tip.offsetWidth - 8;
    this.tip.style.transform
      = `translate(${Math.min(at, Math.max(0, most))}px, ${place.y + ROW + 8}px)`;
  }

  barOf(target) {
    const node = target.closest?.('.bar');
    return node ? this.trace.bars.get(node.dataset.id) : null;
  }

  trackLeft() {
    return this.lanes[0].track.getBoundingClientRect().left;
  }

  timeAt(clientX) {
    return this.view.from + (clientX - this.trackLeft()) / this.scale;
  }
}

function describe(bar) {
  const where = [bar.lane.label || 'request', bar.lane.rank].filter(Boolean).join(' ');
  return `${bar.name} ${duration(bar.duration)}, begins at ${duration(bar.at)}, ${where}`
    + (bar.failed ? `, failed: ${bar.message}` : '');
}
