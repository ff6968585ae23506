import { offset } from './chart.js';
import { svg } from './dom.js';

const HALF_ROW = 12;

/** Draws each link in sight as an arrow from the end of one bar to the begin of the other. */
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
  const from = { x: chart.x(source.at + source.duration), y: middle(source, tops) };
  const to = { x: chart.x(target.at), y: middle(target, tops) };
  const chosen = chart.selected === source.id || chart.selected === target.id;
  return svg('g', {
    class: `arrow ${chosen ? 'chosen' : ''} stage-${target.stage ?? 'none'}`,
    'data-from': source.id, 'data-to': target.id,
  }, svg('path', { d: curve(from, to) }), svg('path', { class: 'head', d: head(from, to) }));
}

/** A soft S between lanes; a low arch over the seam where both bars share a row. */
function curve(from, to) {
  if (Math.abs(from.y - to.y) < 1) {
    const top = from.y - HALF_ROW - 5;
    const [left, right] = [from.x - 7, to.x + 7];
    return `M${left} ${from.y - HALF_ROW} C${left} ${top} ${right} ${top} ${right} ${to.y - HALF_ROW}`;
  }
  const bend = Math.max(14, Math.min(60, Math.abs(to.x - from.x) / 2));
  return `M${from.x} ${from.y} C${from.x + bend} ${from.y} ${to.x - bend} ${to.y} ${to.x - 1} ${to.y}`;
}

function head(from, to) {
  if (Math.abs(from.y - to.y) < 1) {
    const [x, y] = [to.x + 7, to.y - HALF_ROW];
    return `M${x - 3} ${y - 4} L${x} ${y + 1} L${x + 3} ${y - 4} Z`;
  }
  return `M${to.x - 6} ${to.y - 3.5} L${to.x} ${to.y} L${to.x - 6} ${to.y + 3.5} Z`;
}

function middle(bar, tops) {
  return tops.get(bar.lane) + 4 + bar.row * 28 + HALF_ROW;
}
