/** Pixels that a bar is high, and that lie between two. */
export const ROW = 24;
const GAP = 5;

/** Pixels from the top of a lane to the top of a bar. */
export function barTop(bar) {
  return GAP + bar.row * (ROW + GAP);
}

export function laneHeight(lane) {
  return GAP + lane.rows * (ROW + GAP);
}

/**
 * Joins what the server sent into one graph: `trace.bars` by id, each bar with its lane, process
 * and the bars that link to it. Returns the lanes from top to bottom.
 */
export function index(trace) {
  trace.bars = new Map();
  const lanes = trace.processes.flatMap(process =>
    process.lanes.map(lane => Object.assign(lane, { process })));
  for (const lane of lanes) {
    for (const bar of lane.bars) {
      trace.bars.set(bar.id, Object.assign(bar, { lane, process: lane.process, linkedBy: [] }));
    }
  }
  for (const bar of trace.bars.values()) {
    bar.truncated = bar.attributes.some(([key, value]) => key === 'truncated' && value === true);
    for (const link of bar.links) {
      if (link.traceId === trace.traceId) trace.bars.get(link.spanId)?.linkedBy.push(bar);
    }
  }
  return lanes;
}
