import { el, show, svg } from './dom.js';
import { clock, count, duration } from './format.js';
import { Filters } from './filters.js';
import { tail } from './tail.js';

const HEIGHT = 60;

/** The traces that the filters choose, together: stages over time, the slowest, what failed. */
export async function showStats(main) {
  const result = el('div');
  const filters = new Filters('/stats', () => refresh(filters, result));
  main.replaceChildren(el('h1', { class: 'sr' }, 'Statistics'), filters.form, result);
  await refresh(filters, result);
}

async function refresh(filters, result) {
  const asked = result.asked = Symbol('newest wins');
  const response = await fetch(`/viewer/stats?${filters.query()}`);
  const answer = await response.json();
  if (result.asked !== asked) return;
  if (answer.error || answer.traces === 0) {
    result.replaceChildren(el('p', { class: 'notice', role: 'alert' },
      answer.error ?? 'No trace matches these filters.'));
    return;
  }
  filters.offer(answer.services);
  show(result,
    el('p', { class: 'quiet shown' },
      answer.atMost ? `The latest ${answer.atMost.toLocaleString('en')} traces that match, `
        : `${count(answer.traces, 'trace')}, `,
      `${answer.failed.toLocaleString('en')} failed`),
    tail(answer.causes, filters), stages(answer), tokensASecond(answer.parts), reasons(answer.reasons), slowest(answer.slowest));
}

function stages({ stages: all, parts }) {
  const rows = all.map(spread => el('tr', {}, el('th', { scope: 'row' }, spread.stage),
    ...[spread.count.toLocaleString('en'), duration(spread.p50), duration(spread.p90),
      duration(spread.p99)].map(text => el('td', { class: 'number' }, text)),
    el('td', { class: 'where' }, overTime(spread, parts))));
  return card('Stages', table(['Stage', 'Passages', 'p50', 'p90', 'p99', 'Over time'], rows));
}

/** p50, p90 and p99 of one stage over time, each a line. */
function overTime({ stage }, parts) {
  const found = parts.map(part => part.stages.find(spread => spread.stage === stage));
  const most = Math.max(1, ...found.map(spread => spread?.p99 ?? 0));
  const label = `${stage}: p50, p90 and p99 over time, up to ${duration(most)}`;
  return curves(['p50', 'p90', 'p99'].map(which =>
    [which, found.map(spread => spread ? spread[which] / most : null)]), label);
}

function tokensASecond(parts) {
  const most = Math.max(...parts.map(part => part.tokensPerSecond));
  if (most === 0) return null;
  const label = `Tokens a second over time, up to ${most.toFixed(1)}`;
  return card('Tokens a second', el('p', { class: 'quiet' },
    `${clock(parts[0].startUnixMillis)} – ${clock(parts.at(-1).startUnixMillis)}, at most ${most.toFixed(1)}`),
  curves([['p50', parts.map(part => part.tokensPerSecond / most)]], label));
}

/** Lines of shares, 0 to 1; a gap where there is none, a dot where one stands alone. */
function curves(lines, label) {
  const x = (i, all) => (1000 * (all.length > 1 ? i / (all.length - 1) : 0.5)).toFixed(1);
  const y = share => (HEIGHT - 3 - (HEIGHT - 6) * share).toFixed(1);
  return svg('svg', { class: 'curve', viewBox: `0 0 1000 ${HEIGHT}`, preserveAspectRatio: 'none',
    height: HEIGHT, role: 'img', 'aria-label': label },
  lines.map(([kind, shares]) => svg('path', { class: kind, d: shares.map((share, i) =>
    share === null ? '' : `${i > 0 && shares[i - 1] !== null ? 'L' : 'M'}${x(i, shares)} ${y(share)} h1`)
    .join(' ') })));
}

function reasons(all) {
  if (all.length === 0) return null;
  return card('Failed, by reason', table(['Reason', 'Traces'], all.map(({ reason, traces }) =>
    el('tr', {}, el('th', { scope: 'row' }, reason || 'not said'),
      el('td', { class: 'number' }, traces.toLocaleString('en'))))));
}

function slowest(all) {
  return card('Slowest', table(['Request', 'Duration', 'Ending'], all.map(trace =>
    el('tr', {}, el('th', { scope: 'row' },
      el('a', { href: `/trace/${encodeURIComponent(trace.traceId)}` },
        `${trace.name || '(no name)'} ${trace.traceId.slice(0, 8)}`)),
    el('td', { class: 'number' }, duration(trace.durationNanos)),
    el('td', {}, trace.ending)))));
}

function table(heads, rows) {
  return el('table', {}, el('thead', {}, el('tr', {}, heads.map((name, i) =>
    el('th', { scope: 'col', class: i > 0 && i < 5 && name !== 'Ending' ? 'number' : null }, name)))),
  el('tbody', {}, rows));
}

function card(title, ...content) {
  return el('section', { class: 'stages' }, el('h2', {}, title), content);
}
