// What all parts of the page use.

function byId(id) { return document.getElementById(id); }

/** A count as it is written: 1,024. */
function shown(count) { return count.toLocaleString('en'); }

/** Makes so many children of a kind, keeping those there are. */
function setChildren(parent, count, kind) {
  while (parent.children.length > count) parent.lastElementChild.remove();
  while (parent.children.length < count) parent.append(document.createElement(kind));
}
