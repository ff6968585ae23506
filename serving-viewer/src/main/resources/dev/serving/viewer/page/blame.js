import { el } from './dom.js';
import { causeBar, causeName } from './causes.js';
import { duration, percent } from './format.js';

const LEAST_SHARE = 0.001;

/**
 * What the request's time went to, as its root says: a bar whose pieces sum to the whole, and who was
 * the cause, to click. Null for a trace that does not say.
 */
export function blame(trace) {
  const root = trace.bars.get(trace.rootId);
  const causes = root ? causesOf(root) : [];
  if (causes.length === 0) return null;
  const total = causes.reduce((sum, cause) => sum + cause.nanos, 0);
  const greatest = [...causes].sort((a, b) => b.nanos - a.nanos);
  const listed = greatest.filter(cause => cause.nanos / total >= LEAST_SHARE);
  const rest = greatest.slice(listed.length).reduce((sum, cause) => sum + cause.nanos, 0);
  return el('section', { class: 'stages blame' },
    el('h2', {}, 'Why it took so long'),
    el('p', { class: 'quiet' }, sentence(greatest[0], total, root)),
    causeBar(causes, `Causes that sum to ${duration(total)}`),
    el('ul', { class: 'blame-causes' }, listed.map(cause => el('li', {}, causeName(cause.name), ' ',
      el('b', {}, duration(cause.nanos)), ` ${percent(cause.nanos / total)}`)),
    rest > 0 ? el('li', { class: 'quiet' }, `others ${duration(rest)}`) : null),
    culprits(root));
}

function causesOf(root) {
  return root.attributes
    .filter(([key]) => key.startsWith('blame.') && key.endsWith('_ns') && key !== 'blame.alone_ns')
    .map(([key, value]) => ({ name: key.slice('blame.'.length, -'_ns'.length), nanos: Number(value) }))
    .filter(cause => cause.nanos > 0);
}

/** What took most, and when the first and the slowest token came. */
function sentence(top, total, root) {
  const says = Object.fromEntries(root.attributes);
  const parts = [`${percent(top.nanos / total)} of ${duration(total)} went to ${top.name}`];
  const first = Number(says['first_token.ns']);
  if (first > 0) {
    parts.push(`the first token came after ${duration(first)}, most of it ${says['first_token.cause']}`);
  }
  const worst = Number(says['worst_token.ns']);
  if (worst > 0) {
    parts.push(`token ${Number(says['worst_token.index']) + 1} took longest, ${duration(worst)}, `
      + `for ${says['worst_token.cause']}`);
  }
  return `${parts.join('; ')}.`;
}

function culprits(root) {
  const links = root.links
    .map(link => ({ traceId: link.traceId, says: Object.fromEntries(link.attributes) }))
    .filter(link => link.says['link.kind'] === 'blame');
  if (links.length === 0) return null;
  return el('p', { class: 'blame-culprits' }, 'Because of ', links.flatMap((link, i) => [
    i === 0 ? '' : ', ',
    el('a', { href: `/trace/${encodeURIComponent(link.traceId)}` }, link.traceId.slice(0, 8)),
    ` (${link.says['blame.cause']} ${duration(Number(link.says['blame.ns']))})`]));
}
