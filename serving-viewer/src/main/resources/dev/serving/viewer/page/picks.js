import { el } from './dom.js';

/** The two traces that were picked to be compared. */
export class Picks {
  constructor() {
    this.ids = [];
    this.node = el('div', { class: 'picks', role: 'status' });
    this.draw();
  }

  /** A box to pick this trace with; of three the first is let go. */
  box(trace) {
    return el('input', { type: 'checkbox', class: 'pick', 'data-pick': trace.traceId,
      'aria-label': `Compare ${trace.name || 'trace'} ${trace.traceId.slice(0, 8)}`,
      checked: this.ids.includes(trace.traceId),
      onchange: event => this.pick(trace.traceId, event.target.checked) });
  }

  pick(id, wanted) {
    this.ids = this.ids.filter(other => other !== id);
    if (wanted) this.ids = [...this.ids, id].slice(-2);
    for (const box of document.querySelectorAll('.pick')) {
      box.checked = this.ids.includes(box.dataset.pick);
    }
    this.draw();
  }

  draw() {
    const [a, b] = this.ids;
    this.node.hidden = !a;
    this.node.replaceChildren(...!a ? [] : b
      ? ['Two traces picked. ', el('a', { href: `/compare?${new URLSearchParams({ a, b })}` },
        `Compare ${a.slice(0, 8)} with ${b.slice(0, 8)}`)]
      : [`${a.slice(0, 8)} picked; pick another to compare it with.`]);
  }
}
