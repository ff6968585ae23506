import { el } from './dom.js';
import { causeBar, causeName } from './causes.js';
import { count, duration, percent } from './format.js';

const LEAST_SHARE = 0.001;

/**
 * What the request's time went to, as its root says, else as its spans and those of its engine's
 * steps do (`judged`): a bar whose pieces sum to the whole, and who was the cause, to click. Null for
 * a trace that does not say.
 */
export function blame(trace, judged) {
  const root = trace.bars.get(trace.rootId);
  const said = root ? causesOf(root) : [];
  const anew = judged && said.length === 0;
  const causes = anew ? piecesOf(judged.total) : said;
  if (causes.length === 0) return null;
  const total = causes.reduce((sum, cause) => sum + cause.nanos, 0);
  const greatest = [...causes].sort((a, b) => b.nanos - a.nanos);
  const listed = greatest.filter(cause => cause.nanos / total >= LEAST_SHARE);
  const rest = greatest.slice(listed.length).reduce((sum, cause) => sum + cause.nanos, 0);
  return el('section', { class: 'stages blame' },
    el('h2', {}, 'Why it took so long'),
    el('p', { class: 'quiet' },
      sentence(greatest[0], total, anew ? saysOf(judged) : Object.fromEntries(root.attributes))),
    judged ? el('p', { class: 'quiet judged' }, check(judged, said)) : null,
    causeBar(causes, `Causes that sum to ${duration(total)}`),
    el('ul', { class: 'blame-causes' }, listed.map(cause => el('li', {}, causeName(cause.name), ' ',
      el('b', {}, duration(cause.nanos)), ` ${percent(cause.nanos / total)}`)),
    rest > 0 ? el('li', { class: 'quiet' }, `others ${duration(rest)}`) : null),
    culprits(anew ? judged.total.culprits.filter(who => who.traceId) : linked(root)));
}

/** Whether the spans say what the server said, or why they may not. */
function check({ complete, steps, total }, said) {
  const from = `Told anew from the spans of ${count(steps, 'step')}`;
  if (!complete) return `${from}; those of others are not here.`;
  if (said.length === 0) return `${from}.`;
  const same = said.every(({ name, nanos }) => total.causes[name] === nanos)
    && said.length === Object.keys(total.causes).length;
  return same ? `${from}: the same.` : `${from}: not the same.`;
}

function piecesOf(part) {
  return Object.entries(part.causes).map(([name, nanos]) => ({ name, nanos }));
}

/** What a root would say of the first and the slowest token. */
function saysOf({ firstToken, worstToken }) {
  return {
    'first_token.ns': firstToken?.nanos,
    'first_token.cause': firstToken?.top,
    'worst_token.ns': worstToken?.nanos,
    'worst_token.index': worstToken?.index,
    'worst_token.cause': worstToken?.top,
  };
}

function causesOf(root) {
  return root.attributes
    .filter(([key]) => key.startsWith('blame.') && key.endsWith('_ns') && key !== 'blame.alone_ns')
    .map(([key, value]) => ({ name: key.slice('blame.'.length, -'_ns'.length), nanos: Number(value) }))
    .filter(cause => cause.nanos > 0);
}

/** What took most, and when the first and the slowest token came. */
function sentence(top, total, says) {
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

/** Whom the root's links name. */
function linked(root) {
  return root.links
    .map(link => ({ traceId: link.traceId, says: Object.fromEntries(link.attributes) }))
    .filter(link => link.says['link.kind'] === 'blame')
    .map(({ traceId, says }) => ({ traceId, cause: says['blame.cause'], nanos: Number(says['blame.ns']) }));
}

function culprits(all) {
  if (all.length === 0) return null;
  return el('p', { class: 'blame-culprits' }, 'Because of ', all.flatMap((who, i) => [
    i === 0 ? '' : ', ',
    el('a', { href: `/trace/${encodeURIComponent(who.traceId)}` }, who.traceId.slice(0, 8)),
    ` (${who.cause} ${duration(who.nanos)})`]));
}
