import { svg } from './dom.js';
import { duration } from './format.js';

const CLICK_PIXELS = 5;
const HEIGHT = 84;

/**
 * When and how long, at a glance: time to the right, duration upwards on a logarithmic scale.
 * Dragging over it takes a stretch of time: `onrange` is told its ends, in milliseconds.
 */
export function scatter(traces, onrange) {
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
  const node = svg('svg', { class: 'scatter', height: HEIGHT, 'aria-hidden': true },
    lines.flat(), dots);
  const timeAt = share => from + (to - from) * Math.min(1, Math.max(0, (share - 0.015) / 0.97));
  listen(node, (one, other) => {
    if (to > from) {
      onrange(Math.floor(timeAt(Math.min(one, other))), Math.ceil(timeAt(Math.max(one, other))));
    }
  });
  return node;
}

function listen(node, ondrag) {
  node.addEventListener('pointerdown', event => {
    if (event.button !== 0) return;
    const box = node.getBoundingClientRect();
    const band = svg('rect', { class: 'band', y: 0, height: HEIGHT });
    const move = moved => {
      const [left, right] = [event.clientX, moved.clientX].sort((a, b) => a - b);
      if (right - left < CLICK_PIXELS && !band.isConnected) return;
      band.setAttribute('x', left - box.left);
      band.setAttribute('width', right - left);
      node.append(band);
    };
    const end = ended => {
      removeEventListener('pointermove', move);
      removeEventListener('pointerup', end);
      removeEventListener('pointercancel', end);
      if (!band.isConnected) return;
      band.remove();
      addEventListener('click', stop, { capture: true, once: true });
      setTimeout(() => removeEventListener('click', stop, { capture: true }));
      if (ended.type === 'pointerup') {
        ondrag((event.clientX - box.left) / box.width, (ended.clientX - box.left) / box.width);
      }
    };
    addEventListener('pointermove', move);
    addEventListener('pointerup', end);
    addEventListener('pointercancel', end);
  });
  // A trace under the pointer is not what is being dragged.
  node.addEventListener('dragstart', event => event.preventDefault());
}

/** A drag that ends on a trace must not open it. */
function stop(event) {
  event.preventDefault();
  event.stopPropagation();
}
