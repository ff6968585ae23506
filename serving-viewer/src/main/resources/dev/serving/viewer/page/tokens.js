import { kindOf, causeName } from './causes.js';
import { el, svg } from './dom.js';
import { count, duration } from './format.js';

const HEIGHT = 90;

/**
 * Tokens along time, from the steps of one rank, coloured by what each was waited for as far as the
 * trace says it, or as its spans and those of its engine's steps do (`judged`); null where it has no
 * steps.
 */
export function tokens(trace, judged) {
  const steps = stepsOf(trace);
  if (steps.length < 2) return null;
  const pieces = piecesOf(trace, steps, judged);
  const whole = Math.max(1, trace.durationNanos);
  const x = at => (1000 * at / whole).toFixed(2);
  const y = number => (HEIGHT - 4 - (HEIGHT - 10) * number / pieces.length).toFixed(2);
  const slowest = pieces.slice(1).reduce((worst, piece) =>
    piece.to - piece.from > worst.to - worst.from ? piece : worst, pieces[1]);
  const text = `${count(pieces.length, 'token')} in steps; the longest wait for one, `
    + `${duration(slowest.to - slowest.from)}, was for number ${slowest.number.toLocaleString('en')}`;
  return el('section', { class: 'stages tokens' },
    el('h2', {}, 'Tokens along time'), el('p', { class: 'quiet' }, text),
    svg('svg', { class: 'curve', viewBox: `0 0 1000 ${HEIGHT}`, preserveAspectRatio: 'none',
      height: HEIGHT, role: 'img', 'aria-label': text },
    pieces.map(({ from, to, number, cause }) => svg('path', {
      class: cause ? `cause-${kindOf(cause)}` : null,
      d: `M${x(from)} ${y(number - 1)} H${x(to)} V${y(number)}` }))),
    legend(pieces));
}

/** The wait for each token, from the one before to the end of its step; the first ends prefill. */
function piecesOf(trace, steps, judged) {
  const says = Object.fromEntries(trace.bars.get(trace.rootId)?.attributes ?? []);
  const prefill = steps[0].lane.bars.filter(bar => bar.stage === 'prefill' && bar.isStage)
    .map(bar => bar.at + bar.duration).filter(end => end <= steps[0].at + steps[0].duration);
  const ends = [...prefill.slice(-1), ...steps.map(step => step.at + step.duration)];
  const first = ends.length - steps.length;
  const known = new Map(judged?.tokens.map(token => [token.step, token.top]));
  return ends.map((end, i) => ({
    number: i + 1,
    from: i > 0 ? ends[i - 1] : 0,
    to: end,
    cause: i > 0 ? causeOf(steps[i - first], says, known) : says['first_token.cause'],
  }));
}

/** The root names the worst token's; of the others, whether prompts of others were in the step. */
function causeOf(step, says, known) {
  const own = Object.fromEntries(step.attributes);
  if (known.has(own.step)) return known.get(own.step);
  if (own.step !== undefined && own.step === says['worst_token.step']) return says['worst_token.cause'];
  return own['batch.prefill_tokens'] > 0 ? 'others.prefill' : null;
}

function legend(pieces) {
  const causes = new Map();
  for (const { cause, from, to } of pieces) {
    if (!cause) continue;
    const sum = causes.get(cause) ?? { tokens: 0, nanos: 0 };
    causes.set(cause, { tokens: sum.tokens + 1, nanos: sum.nanos + to - from });
  }
  if (causes.size === 0) return null;
  return el('ul', { class: 'blame-causes' }, [...causes].map(([cause, sum]) => el('li', {},
    causeName(cause), ` ${count(sum.tokens, 'token')}, ${duration(sum.nanos)}`)));
}

/** The lane with the most of them stands for all: every rank takes the same steps. */
function stepsOf(trace) {
  const lanes = new Map();
  for (const bar of trace.bars.values()) {
    if (bar.name !== 'step' || bar.stage !== 'decode') continue;
    if (!lanes.has(bar.lane)) lanes.set(bar.lane, []);
    lanes.get(bar.lane).push(bar);
  }
  return [...lanes.values()].reduce((most, bars) => bars.length > most.length ? bars : most, [])
    .sort((a, b) => a.at - b.at);
}
