/**
 * The path of cause through the links: from the last stage back to the first, each time to the
 * linked stage that ended last. Returns the ids of its spans and of its steps, `from>to`.
 */
export function causePath(trace) {
  const path = { spans: new Set(), steps: new Set() };
  const stages = [...trace.bars.values()].filter(bar => bar.isStage);
  let at = latest(stages);
  while (at && !path.spans.has(at.id)) {
    path.spans.add(at.id);
    const before = latest(at.links
      .filter(link => link.traceId === trace.traceId)
      .map(link => trace.bars.get(link.spanId))
      .filter(bar => bar?.isStage));
    if (before) path.steps.add(`${before.id}>${at.id}`);
    at = before;
  }
  return path;
}

function latest(bars) {
  return bars.reduce((last, bar) =>
    !last || bar.at + bar.duration > last.at + last.duration ? bar : last, undefined);
}
