// Everything shown comes from strangers, so text only ever enters the page as text nodes and
// attributes set by name: no markup is ever parsed.

const SVG = 'http://www.w3.org/2000/svg';

/** An element with attributes and children; null children are left out, other values are text. */
export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same for drawings. */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/** Sets or removes an attribute only if that changes something. */
export function attr(node, name, value) {
  if (value === null || value === undefined || value === false) {
    if (node.hasAttribute(name)) node.removeAttribute(name);
  } else if (node.getAttribute(name) !== String(value)) {
    node.setAttribute(name, value === true ? '' : value);
  }
}

/** Puts these children, but for null ones, in place of whatever a node has. */
export function show(node, ...children) {
  node.replaceChildren();
  fill(node, {}, children);
}

/** Where a node lies within another, whatever is positioned between them. */
export function offset(node, within) {
  const inner = node.getBoundingClientRect();
  const outer = within.getBoundingClientRect();
  return { x: inner.left - outer.left, y: inner.top - outer.top };
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else attr(node, name, value);
  }
  node.append(...children.flat().filter(child => child !== null && child !== undefined));
  return node;
}
