import { el, svg } from './dom.js';
import { count, duration } from './format.js';

const HEIGHT = 90;

/** Tokens along time, from the steps of one rank; null where a trace does not say them. */
export function tokens(trace) {
  const steps = stepsOf(trace);
  if (steps.length < 2) return null;
  const whole = Math.max(1, trace.durationNanos);
  const x = at => (1000 * at / whole).toFixed(2);
  const y = number => (HEIGHT - 4 - (HEIGHT - 10) * number / steps.length).toFixed(2);
  let line = `M${x(steps[0].at)} ${y(0)}`;
  steps.forEach((step, i) => { line += ` H${x(step.at + step.duration)} V${y(i + 1)}`; });
  const slowest = steps.slice(1).reduce((worst, step, i) => {
    const gap = step.at + step.duration - (steps[i].at + steps[i].duration);
    return gap > worst.gap ? { gap, number: i + 2 } : worst;
  }, { gap: 0, number: 1 });
  const text = `${count(steps.length, 'token')} in steps; the longest wait for one, `
    + `${duration(slowest.gap)}, was for number ${slowest.number.toLocaleString('en')}`;
  return el('section', { class: 'stages tokens' },
    el('h2', {}, 'Tokens along time'), el('p', { class: 'quiet' }, text),
    svg('svg', { class: 'curve', viewBox: `0 0 1000 ${HEIGHT}`, preserveAspectRatio: 'none',
      height: HEIGHT, role: 'img', 'aria-label': text }, svg('path', { d: line })));
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
