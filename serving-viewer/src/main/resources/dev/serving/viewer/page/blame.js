import { el } from './dom.js';
import { duration, percent } from './format.js';

const OWN_KIND = 'own';
const KINDS = [
  ['waited', /^(queue\.|preempted|skipped|frontend_queue)/],
  ['others', /^(others\.|recompute|straggler)/],
  ['client', /^client_/],
  ['odd', /^(unexplained|pause|engine_lost)/],
];

/**
 * What the request's time went to, as its root says: a bar whose pieces sum to the whole, and who was
 * the cause, to click. Null for a trace that does not say.
 */
export function blame(trace) {
  const root = trace.bars.get(trace.rootId);
  const causes = root ? causesOf(root) : [];
  if (causes.length === 0) return null;
  const total = causes.reduce((sum, cause) => sum + cause.nanos, 0);
  return el('section', { class: 'blame', 'aria-label': 'Why it took so long' },
    el('div', { class: 'blame-bar' }, causes.map(cause => piece(cause, total))),
    el('ul', { class: 'blame-causes' }, [...causes]
      .sort((a, b) => b.nanos - a.nanos)
      .map(cause => el('li', {}, el('i', { class: `dot blame-${cause.kind}` }), cause.name, ' ',
        el('b', {}, duration(cause.nanos)), ` ${percent(cause.nanos / total)}`))),
    culprits(root));
}

function causesOf(root) {
  return root.attributes
    .filter(([key]) => key.startsWith('blame.') && key.endsWith('_ns') && key !== 'blame.alone_ns')
    .map(([key, value]) => {
      const name = key.slice('blame.'.length, -'_ns'.length);
      return { name, nanos: Number(value), kind: kindOf(name) };
    })
    .filter(cause => cause.nanos > 0);
}

function kindOf(name) {
  return KINDS.find(([, names]) => names.test(name))?.[0] ?? OWN_KIND;
}

function piece(cause, total) {
  const node = el('span', {
    class: `blame-piece blame-${cause.kind}`,
    title: `${cause.name} ${duration(cause.nanos)}`,
  }, cause.nanos > total / 10 ? cause.name : '');
  node.style.setProperty('flex-grow', cause.nanos / total);
  return node;
}

function culprits(root) {
  const links = root.links
    .map(link => ({ traceId: link.traceId, says: Object.fromEntries(link.attributes) }))
    .filter(link => link.says['link.kind'] === 'blame');
  if (links.length === 0) return null;
  return el('p', { class: 'blame-culprits' }, 'By ', links.map((link, i) => [
    i === 0 ? '' : ', ',
    el('a', { href: `/trace/${encodeURIComponent(link.traceId)}` },
      `${link.says['blame.cause']} ${duration(Number(link.says['blame.ns']))}`),
  ]).flat());
}
