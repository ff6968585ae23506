import { el } from './dom.js';
import { duration, percent } from './format.js';

/** Every cause that a server of ours names, in the order in which a request meets them. */
export const CAUSES = ['client_in', 'frontend_queue', 'frontend', 'transport', 'queue.step',
  'queue.budget', 'queue.blocks', 'queue.sequences', 'preempted', 'schedule', 'skipped', 'own',
  'recompute', 'others.prefill', 'others.decode', 'straggler', 'dispatch', 'pause', 'engine_lost',
  'client_out', 'unexplained'];

const KINDS = [
  ['waited', /^(queue\.|preempted|skipped|frontend_queue)/],
  ['others', /^(others\.|recompute|straggler)/],
  ['client', /^client_/],
  ['odd', /^(unexplained|pause|engine_lost)/],
  ['work', /^(frontend|transport|schedule|dispatch)/],
];
const LEAST_NAMED = 0.12;

/** What sort of cause it is, which gives it its colour. */
export function kindOf(name) {
  return KINDS.find(([, names]) => names.test(name))?.[0] ?? 'own';
}

/** A bar whose pieces, `{ name, nanos }`, sum to the whole; `whole` makes it comparable with others. */
export function causeBar(causes, label, whole = null) {
  const total = causes.reduce((sum, cause) => sum + cause.nanos, 0);
  const bar = el('div', { class: 'blame-bar', role: 'img', 'aria-label': label }, inOrder(causes)
    .map(cause => {
      const share = cause.nanos / Math.max(1, total);
      const node = el('span', {
        class: `blame-piece blame-${kindOf(cause.name)}`,
        title: `${cause.name} ${duration(cause.nanos)}, ${percent(share)}`,
      }, share * (whole ? total / whole : 1) > LEAST_NAMED ? cause.name : '');
      node.style.setProperty('flex-grow', share);
      return node;
    }));
  if (whole) bar.style.setProperty('width', `${Math.max(0.5, 100 * total / whole)}%`);
  return bar;
}

/** A name with the dot of its colour. */
export function causeName(name) {
  return el('span', { class: 'cause-name' }, el('i', { class: `dot blame-${kindOf(name)}` }), name);
}

function inOrder(causes) {
  const place = ({ name }) => {
    const at = CAUSES.indexOf(name);
    return at < 0 ? CAUSES.length : at;
  };
  return causes.filter(cause => cause.nanos > 0).sort((a, b) => place(a) - place(b));
}
