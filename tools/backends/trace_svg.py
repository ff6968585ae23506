"""Draws a trace as Jaeger's API v1 returned it: lanes as rows, slices as bars, links as arrows.

usage: curl -s http://localhost:16686/api/traces/ID | python trace_svg.py > trace.svg
"""

import json
import sys
from html import escape

WIDTH, LEFT, ROW, BAR = 960, 190, 46, 20
COLOURS = {
    "PREPROCESSING": "#8ab6d6", "SCHEDULE": "#e8c37d", "PREFILL": "#d98880",
    "DECODE": "#82b38a", "POSTPROCESSING": "#a79ac9",
}


def tags(span: dict) -> dict:
    return {tag["key"]: tag["value"] for tag in span["tags"]}


def lane_of(span: dict, trace: dict) -> str:
    """The thread, its rank and its process; the lane, a slice's parent, knows them."""
    parents = {r["spanID"] for r in span["references"] if r["refType"] == "CHILD_OF"}
    lane = next((s for s in trace["spans"] if s["spanID"] in parents), span)
    of, process = tags(lane), trace["processes"][lane["processID"]]
    rank = f", rank {of['tp_rank']}" if "tp_rank" in of else ""
    pid = {tag["key"]: tag["value"] for tag in process["tags"]}.get("process.pid", "?")
    return f"{of.get('thread_label', lane['operationName'])}{rank} · pid {pid}"


def draw(trace: dict) -> str:
    spans = sorted(trace["spans"], key=lambda span: span["startTime"])
    root = next(span for span in spans if tags(span).get("span.kind") == "server")
    zero, length = root["startTime"], max(root["duration"], 1)
    x = lambda time: LEFT + (time - zero) * (WIDTH - LEFT - 20) / length
    rows, places, parts = {}, {}, []
    stages = [span for span in spans if span["operationName"] in COLOURS]
    for span in stages:
        rows.setdefault(lane_of(span, trace), len(rows) + 1)
    parts.append(bar(x(zero), 34, x(zero + length) - x(zero), root["operationName"], length, "#c8ccd0"))
    for lane, row in rows.items():
        parts.append(f'<text x="8" y="{34 + row * ROW + 14}">{escape(lane)}</text>')
    for span in stages:
        y = 34 + rows[lane_of(span, trace)] * ROW
        left, right = x(span["startTime"]), x(span["startTime"] + span["duration"])
        places[span["spanID"]] = (left, right, y)
        name = span["operationName"]
        parts.append(bar(left, y, right - left, name, span["duration"], COLOURS[name]))
    for span in stages:
        for reference in span["references"]:
            if reference["refType"] == "FOLLOWS_FROM" and reference["spanID"] in places:
                parts.append(arrow(places[reference["spanID"]], places[span["spanID"]]))
    height = 34 + (len(rows) + 1) * ROW
    title = f"{root['operationName']} · {length / 1000:.1f} ms · {len(spans)} spans · trace {trace['traceID']}"
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        'font-family="sans-serif" font-size="12">',
        '<defs><marker id="tip" markerWidth="7" markerHeight="6" refX="6" refY="3" orient="auto">'
        '<path d="M0,0 L7,3 L0,6 z" fill="#555"/></marker></defs>',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        f'<text x="8" y="20" font-weight="bold">{escape(title)}</text>', *parts, "</svg>\n",
    ])


def bar(x: float, y: float, width: float, name: str, micros: int, colour: str) -> str:
    label = f"{name} {micros / 1000:.1f} ms"
    inside = width > len(label) * 7
    at = x + 4 if inside else (x + width + 4 if x < WIDTH * 0.7 else x - 4)
    anchor = "end" if not inside and x >= WIDTH * 0.7 else "start"
    return (
        f'<rect x="{x:.1f}" y="{y}" width="{max(width, 1.5):.1f}" height="{BAR}" rx="2" fill="{colour}"/>'
        f'<text x="{at:.1f}" y="{y + 14}" text-anchor="{anchor}">{escape(label)}</text>'
    )


def arrow(before: tuple, after: tuple) -> str:
    (_, x1, y1), (x2, _, y2) = before, after
    if y1 == y2:
        return ""  # side by side in one lane: they follow each other as drawn
    down = y2 > y1
    return (
        f'<path d="M{x1:.1f},{y1 + (BAR if down else 0)} L{x2:.1f},{y2 + (0 if down else BAR)}" '
        'stroke="#555" fill="none" marker-end="url(#tip)"/>'
    )


print(draw(json.load(sys.stdin)["data"][0]), end="")
