// The parts that pages are made of. Texts become text nodes, so that nothing in a result can become markup.

/** A new element. Attributes that are null or false are left out, `on…` ones are called on that event. */
function element(name, attributes = {}, ...children) {
  return dressed(document.createElement(name), attributes, children);
}

/** The same for drawings. */
function drawn(name, attributes = {}, ...children) {
  return dressed(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);
}

function dressed(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on'))
      made.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false)
      made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return made;
}

/** A section of the page with its heading, known to the landmarks of a screen reader. */
function section(id, heading, ...children) {
  return element('section', {'aria-labelledby': id, class: `of-${id}`}, element('h2', {id}, heading), children);
}

function paragraph(text) { return element('p', {}, text); }

function note(text) { return element('p', {class: 'note'}, text); }

/** Pairs of a word and what it stands for. Those that stand for nothing are left out. */
function definitions(pairs) {
  const known = pairs.filter(([, text]) => text !== null && text !== undefined && text !== '');
  return element('dl', {}, known.map(([term, text]) => [element('dt', {}, term), element('dd', {}, text)]));
}
