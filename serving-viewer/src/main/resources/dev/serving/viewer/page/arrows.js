import { offset, svg } from './dom.js';
import { barTop, ROW } from './model.js';

const INSET = 7;

/** Draws each link in sight as an arrow from one bar to the next. */
export function drawArrows(chart) {
  const { arrows, board, trace } = chart;
  arrows.style.left = `${chart.left}px`;
  arrows.style.width = `${chart.width}px`;
  const tops = new Map(chart.lanes.map(lane => [lane, offset(lane.track, board).y]));
  const drawn = [];
  for (const target of trace.bars.values()) {
    if (!chart.elements.has(target.id)) continue;
    for (const link of target.links) {
      const source = link.traceId === trace.traceId ? trace.bars.get(link.spanId) : undefined;
      if (source) drawn.push(arrow(chart, source, target, tops));
    }
  }
  arrows.replaceChildren(...drawn);
}

function arrow(chart, source, target, tops) {
  const chosen = chart.selected === source.id || chart.selected === target.id;
  // A target that begins while its source still runs is drawn from that moment of the source.
  const leaves = Math.min(source.at + source.duration, Math.max(source.at, target.at));
  const from = { x: chart.x(leaves), top: tops.get(source.lane) + barTop(source) };
  const to = { x: chart.x(target.at), top: tops.get(target.lane) + barTop(target) };
  from.x = Math.max(chart.x(source.at) + 1, from.x - INSET);
  to.x += Math.min(INSET, target.duration * chart.scale / 2);
  const [line, tip] = from.top === to.top ? arch(from, to) : fall(from, to);
  return svg('g', {
    class: `arrow ${chosen ? 'chosen' : ''} stage-${target.stage || 'none'}`
      + (chart.path.steps.has(`${source.id}>${target.id}`) ? ' on-path' : ''),
    'data-from': source.id, 'data-to': target.id,
  }, svg('path', { d: line }), svg('path', { class: 'head', d: tip }));
}

/** From the edge of one bar to the facing edge of another, upright at both ends. */
function fall(from, to) {
  const down = to.top > from.top;
  const y1 = from.top + (down ? ROW : 0);
  const y2 = to.top + (down ? 0 : ROW);
  const bend = (y2 - y1) / 2;
  const back = down ? -6 : 6;
  return [
    `M${from.x} ${y1} C${from.x} ${y1 + bend} ${to.x} ${y2 - bend} ${to.x} ${y2 + back / 2}`,
    `M${to.x - 3.5} ${y2 + back} L${to.x} ${y2} L${to.x + 3.5} ${y2 + back} Z`];
}

/** A low arch over the seam where both bars share a row. */
function arch(from, to) {
  const y = from.top;
  return [
    `M${from.x} ${y} C${from.x} ${y - 6} ${to.x} ${y - 6} ${to.x} ${y - 2}`,
    `M${to.x - 3} ${y - 4} L${to.x} ${y} L${to.x + 3} ${y - 4} Z`];
}
