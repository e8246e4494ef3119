// What all parts of the page share.

function byId(id) { return document.getElementById(id); }

function made(kind, properties) { return Object.assign(document.createElement(kind), properties); }

/** A count as it is written: 1,024. */
function shown(count) { return count.toLocaleString('en'); }

/** Adds or removes children of a kind until there are `count`. */
function setChildren(parent, count, kind) {
  while (parent.children.length > count) parent.lastElementChild.remove();
  while (parent.children.length < count) parent.append(document.createElement(kind));
}
