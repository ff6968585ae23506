import { el } from './dom.js';
import { duration } from './format.js';
import { barTop } from './model.js';

const NAMED_PIXELS = 90;

/** Draws where the request was in no stage: waiting, in the lane of the stage that it waited for. */
export function drawWaits(chart) {
  for (const wait of chart.trace.waits) {
    const bar = chart.trace.bars.get(wait.id);
    const from = Math.max(-8, chart.x(wait.at));
    const to = Math.min(chart.width + 8, chart.x(wait.at + wait.duration));
    const seen = bar && to > 0 && from < chart.width && to - from >= 1;
    if (!seen) {
      wait.node?.remove();
      continue;
    }
    wait.node ??= build(wait, bar);
    if (!wait.node.isConnected) bar.lane.track.append(wait.node);
    wait.node.style.transform = `translateX(${from}px)`;
    wait.node.style.width = `${to - from}px`;
    wait.node.classList.toggle('named', to - from >= NAMED_PIXELS);
  }
}

function build(wait, bar) {
  const text = `waiting, ${wait.name}, ${duration(wait.duration)}`;
  const node = el('div', { class: 'wait', title: text, role: 'img', 'aria-label': text },
    el('span', {}, 'waiting'), el('em', {}, duration(wait.duration)));
  node.style.top = `${barTop(bar)}px`;
  return node;
}
