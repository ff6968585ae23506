/**
 * Lays a trace out in lanes and draws it as text. Read {@link dev.serving.viewer.chart.LaneChart}
 * first: it draws what the rest is about.
 *
 * <pre>
 * LaneChart ◄─ LaneChartBuilder   processes, lanes, rows
 *                LaneKey            which lane a span lies in
 * StageTime, Stage                a request's passage through its stages
 * LaneText, TextBar               the chart in a terminal; Durations and Printable word it
 * </pre>
 *
 * Knows what the store hands out, and neither how it is stored nor HTTP, JSON or the page.
 */
package dev.serving.viewer.chart;
