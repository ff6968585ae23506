const CLICK_PIXELS = 4;

/** Lets a chart be moved, zoomed and asked with a mouse, a pen or fingers. */
export function listenToPointer(chart) {
  const { board } = chart;
  const hand = { pointers: new Map(), dragged: false };
  board.addEventListener('pointerdown', event => grab(chart, hand, event));
  board.addEventListener('pointermove', event => chart.hover(event));
  board.addEventListener('pointerleave', () => chart.unhover());
  board.addEventListener('wheel', event => wheel(chart, event), { passive: false });
  board.addEventListener('click', event => {
    if (!hand.dragged) chart.select(chart.barOf(event.target)?.id ?? null);
  });
  board.addEventListener('dblclick', event => {
    const bar = chart.barOf(event.target);
    if (bar) chart.zoomTo(bar);
    else chart.look(0, chart.whole);
  });
  board.addEventListener('focusin', event => {
    const bar = chart.barOf(event.target);
    if (bar && event.target.matches(':focus-visible')) chart.showTip(bar, event.target);
  });
  board.addEventListener('focusout', () => chart.unhover());
}

/** Turning alone scrolls the page, as everywhere; with Ctrl it zooms, with Shift it moves. */
function wheel(chart, event) {
  const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault();
    chart.zoom(Math.exp(event.deltaY * 0.004), chart.timeAt(event.clientX));
  } else if (sideways || event.shiftKey) {
    event.preventDefault();
    chart.move((sideways ? event.deltaX : event.deltaY) / chart.width);
  }
}

function grab(chart, hand, event) {
  if (event.button !== 0) return;
  hand.dragged = false;
  hand.pointers.set(event.pointerId, event.clientX);
  const start = { view: chart.view, xs: [...hand.pointers.values()] };
  const move = moved => {
    if (!hand.pointers.has(moved.pointerId)) return;
    hand.pointers.set(moved.pointerId, moved.clientX);
    drag(chart, hand, start);
  };
  const end = ended => {
    if (ended.pointerId !== event.pointerId) return;
    hand.pointers.delete(event.pointerId);
    removeEventListener('pointermove', move);
    removeEventListener('pointerup', end);
    removeEventListener('pointercancel', end);
  };
  addEventListener('pointermove', move);
  addEventListener('pointerup', end);
  addEventListener('pointercancel', end);
}

/** One pointer moves the view, two stretch it; the time under them stays under them. */
function drag(chart, hand, { view, xs }) {
  const now = [...hand.pointers.values()];
  if (now.length !== xs.length) return;
  const moved = Math.max(...now.map((x, i) => Math.abs(x - xs[i])));
  if (moved < CLICK_PIXELS && !hand.dragged) return;
  hand.dragged = true;
  const span = (view.to - view.from) * spread(xs) / spread(now);
  const left = chart.trackLeft();
  const held = view.from + (middle(xs) - left) / chart.width * (view.to - view.from);
  const from = held - (middle(now) - left) / chart.width * span;
  chart.look(from, from + span);
}

function spread(xs) {
  return xs.length > 1 ? Math.max(20, Math.abs(xs[0] - xs[1])) : 1;
}

function middle(xs) {
  return xs.length > 1 ? (xs[0] + xs[1]) / 2 : xs[0];
}
