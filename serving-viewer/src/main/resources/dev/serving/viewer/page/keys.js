export const KEYS = 'Arrow keys or A and D move, W and S or + and − zoom, 0 shows the whole trace. '
  + 'On a span, arrow keys go to its neighbours and Enter zooms to it.';

/** Lets a chart be moved, zoomed and walked through from the keyboard. */
export function listenToKeys(chart) {
  const commands = {
    ArrowLeft: () => chart.move(-0.2), a: () => chart.move(-0.2),
    ArrowRight: () => chart.move(0.2), d: () => chart.move(0.2),
    '+': () => chart.zoom(1 / 1.4), '=': () => chart.zoom(1 / 1.4), w: () => chart.zoom(1 / 1.4),
    '-': () => chart.zoom(1.4), s: () => chart.zoom(1.4),
    0: () => chart.look(0, chart.whole), Home: () => chart.look(0, chart.whole),
    Escape: () => chart.select(null),
  };
  chart.board.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const bar = chart.barOf(event.target);
    const action = (bar && onBar(chart, bar, event)) || commands[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}

function onBar(chart, bar, { key, shiftKey }) {
  if (key === 'Enter') {
    return () => {
      chart.select(bar.id);
      chart.zoomTo(bar);
    };
  }
  if (shiftKey) return null;
  const neighbour = {
    ArrowLeft: () => inLane(bar, -1), ArrowRight: () => inLane(bar, 1),
    ArrowUp: () => inOtherLane(chart, bar, -1), ArrowDown: () => inOtherLane(chart, bar, 1),
  }[key];
  return neighbour && (() => {
    const next = neighbour();
    if (next) chart.select(next.id, { reveal: true });
  });
}

function inLane(bar, by) {
  return bar.lane.bars[bar.lane.bars.indexOf(bar) + by];
}

/** The bar that begins nearest in time, in the lane above or below. */
function inOtherLane(chart, bar, by) {
  const lane = chart.lanes[chart.lanes.indexOf(bar.lane) + by];
  return lane?.bars.reduce((best, other) =>
    Math.abs(other.at - bar.at) < Math.abs(best.at - bar.at) ? other : best);
}
