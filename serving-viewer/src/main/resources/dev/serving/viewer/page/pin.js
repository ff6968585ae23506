import { el } from './dom.js';

/** A button that keeps a trace out of eviction, or lets it go again. */
export function pinButton(trace) {
  const said = el('span', { role: 'status', class: 'quiet' });
  const button = el('button', { type: 'button', class: 'copy pin',
    title: 'A pinned trace stays here whatever comes',
    onclick: async () => {
      said.textContent = '';
      try {
        const response = await fetch(`/viewer/traces/${encodeURIComponent(trace.traceId)}/pin`,
          { method: trace.pinned ? 'DELETE' : 'PUT' });
        const answer = await response.json();
        if (answer.error) said.textContent = ` ${answer.error}`;
        else trace.pinned = answer.pinned;
      } catch {
        said.textContent = ' no connection';
      }
      draw();
    } });
  const draw = () => {
    button.textContent = trace.pinned ? 'pinned' : 'pin';
    button.setAttribute('aria-pressed', String(trace.pinned));
  };
  draw();
  return [button, said];
}
