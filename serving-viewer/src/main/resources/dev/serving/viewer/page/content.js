import { el } from './dom.js';

const PLACES = [
  ['gen_ai.system_instructions', 'system'],
  ['gen_ai.input.messages', 'user'],
  ['gen_ai.output.messages', 'assistant'],
  ['gen_ai.prompt', 'user'],
  ['gen_ai.completion', 'assistant'],
];

/** What was asked and answered, where the trace holds it; closed until somebody opens it. */
export function content(trace) {
  const root = trace.bars.get(trace.rootId);
  const bars = [root, ...[...trace.bars.values()].filter(bar => bar !== root)];
  const bar = bars.find(one => one?.attributes.some(([key]) => PLACES.some(([name]) => name === key)));
  if (!bar) return null;
  const says = new Map(bar.attributes);
  const messages = PLACES.flatMap(([key, role]) => says.has(key) ? read(says.get(key), role) : []);
  return el('details', { class: 'stages content' },
    el('summary', {}, 'Prompt and answer'), messages.map(message));
}

function message({ role, text, ending }) {
  return el('div', { class: 'message' },
    el('p', { class: 'role' }, role, ending ? el('span', { class: 'badge' }, ending) : null),
    el('pre', {}, text));
}

/** Messages as OpenTelemetry has them, as JSON or not; what was cut short is no JSON and stays text. */
function read(value, role) {
  let messages;
  try {
    messages = typeof value === 'string' ? JSON.parse(value) : value;
  } catch {
    return [{ role: `${role} (cut)`, text: value }];
  }
  return (Array.isArray(messages) ? messages : [messages]).map(one =>
    one !== null && typeof one === 'object'
      ? { role: String(one.role ?? role), text: parts(one), ending: one.finish_reason }
      : { role, text: String(one) });
}

function parts(one) {
  const all = Array.isArray(one.parts) ? one.parts : [one];
  return all.map(part => typeof part === 'string' ? part
    : typeof part?.content === 'string' ? part.content : JSON.stringify(part, null, 1)).join('\n');
}
