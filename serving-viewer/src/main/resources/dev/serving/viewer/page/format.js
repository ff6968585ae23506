const UNITS = [['ns', 1], ['µs', 1e3], ['ms', 1e6], ['s', 1e9]];

/** A duration in nanoseconds with three digits and a unit. */
export function duration(nanos) {
  const [unit, size] = unitOf(Math.abs(nanos));
  const value = nanos / size;
  const size10 = Math.abs(value);
  const digits = unit === 'ns' ? 0 : size10 < 9.995 ? 2 : size10 < 99.95 ? 1 : 0;
  return `${value.toFixed(digits)} ${unit}`;
}

/** A tick of the time axis: in the step's unit, or a larger one where that number is too long. */
export function tick(nanos, step) {
  if (nanos === 0) return '0';
  const unit = UNITS.find(([, size]) => step < size * 1000 && nanos < size * 1e5) ?? UNITS.at(-1);
  const digits = Math.max(0, -Math.floor(Math.log10(step / unit[1]) + 1e-9));
  return `${(nanos / unit[1]).toFixed(digits)} ${unit[0]}`;
}

/** A step of 1, 2 or 5 times a power of ten, at least `least`. */
export function niceStep(least) {
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1)));
  return [1, 2, 5, 10].map(factor => factor * power).find(step => step >= least - 1e-9);
}

export function percent(share) {
  const digits = Math.abs(share) < 0.0995 ? 1 : 0;
  // Nothing has no sign.
  return `${(Math.round(1000 * share) === 0 ? 0 : 100 * share).toFixed(digits)} %`;
}

export function count(number, noun) {
  const plural = noun.endsWith('s') ? `${noun}es` : `${noun}s`;
  return `${number.toLocaleString('en')} ${number === 1 ? noun : plural}`;
}

/** Hours to milliseconds, on the reader's clock. */
export function clock(unixMillis) {
  const time = new Date(unixMillis);
  const two = number => String(number).padStart(2, '0');
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`
    + `.${String(time.getMilliseconds()).padStart(3, '0')}`;
}

export function day(unixMillis) {
  return new Date(unixMillis).toLocaleDateString('en-GB', {
    day: 'numeric', month: 'short', year: 'numeric',
  });
}

/** An attribute's value as text. */
export function plain(value) {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function unitOf(nanos) {
  return UNITS.findLast(([, size]) => nanos >= size * 0.9995) ?? UNITS[0];
}
