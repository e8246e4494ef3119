// A figure: a chart with its caption, the key to its lines, and the same numbers as a table.

/** Functions that draw again what depends on the colours, the width or a choice. */
const redraws = [];

function redrawAll() {
  Chart.defaults.color = pageColour('soft');
  Chart.defaults.borderColor = pageColour('line');
  for (const redraw of redraws) redraw();
}

/** A part of the page whose content is made anew with every redraw. */
function live(make, attributes = {}) {
  const holder = element('div', attributes);
  redraws.push(() => holder.replaceChildren(...[make()].flat().filter((part) => part !== null)));
  return holder;
}

/**
 * `heading`, `config` (of Chart.js), `table`, `key` and `height` (in pixels) are functions, asked at every redraw. The
 * last two may be left out. `printed`: whether the table is worth its room on paper.
 */
function figure({id, heading, unit = '', small = false, printed = !small, config, table, key = null, height = null}) {
  const canvas = element('canvas', {role: 'img', id});
  const caption = element('h3');
  const holder = element('div', {class: 'canvas'}, canvas);
  const numbers = element('div', {class: 'scroll', tabindex: 0, role: 'region'});
  let chart = null;
  redraws.push(() => {
    chart?.destroy();
    const title = heading();
    if (caption.textContent !== title) caption.replaceChildren(title);
    canvas.setAttribute('aria-label', `Chart: ${title}. Its numbers are in the table that follows.`);
    numbers.setAttribute('aria-label', `Table: ${title}`);
    numbers.replaceChildren(table());
    if (height !== null) holder.style.height = `${height()}px`;
    chart = new Chart(canvas, config());
  });
  return element(
      'figure', {class: small ? 'small' : null},
      element(
          'figcaption', {'aria-live': 'polite'}, caption, unit === '' ? null : element('span', {class: 'unit'}, unit)),
      key === null ? null : live(key), holder,
      element('details', {class: printed ? 'printed' : null}, element('summary', {}, 'Numbers'), numbers));
}

/** The key to the lines of a chart: how each looks and what it is. */
function keyTo(entries) {
  return element('ul', {class: 'key'}, entries.map(({label, swatch}) => element('li', {}, swatch, label)));
}

function keyToLines(lines) { return keyTo(lines.map((line) => ({label: line.label, swatch: lineSwatch(line)}))); }

/** Without dashes (null) there is no line, and without a shape no point. */
function lineSwatch({colour, shape, dash}, stroke = lineColour({colour})) {
  const outlines = {
    circle: ['circle', {cx: 18, cy: 7, r: 4.5}],
    triangle: ['path', {d: 'M18 2l5 9h-10z'}],
    rectRot: ['path', {d: 'M18 1.5l5.5 5.5-5.5 5.5-5.5-5.5z'}],
    rect: ['rect', {x: 14, y: 3, width: 8, height: 8}],
    crossRot: ['path', {d: 'M14 3l8 8m0-8l-8 8', stroke, 'stroke-width': 2}]
  };
  const [name, place] = outlines[shape] ?? ['path', {d: 'M18 2v10m-5-5h10', stroke, 'stroke-width': 2}];
  return drawn(
      'svg', {width: 36, height: 14, 'aria-hidden': 'true'},
      dash === null ?
          null :
          drawn('path', {d: 'M0 7h36', stroke, 'stroke-width': 2, 'stroke-dasharray': dash.join(' ') || null}),
      shape === null ? null : drawn(name, {...place, fill: stroke}));
}

function areaSwatch(fill) {
  return drawn(
      'svg', {width: 14, height: 14, 'aria-hidden': 'true'}, drawn('rect', {width: 14, height: 14, rx: 2, fill}));
}

/**
 * A choice of one of several values, as buttons or, where they are many, as a list. Nothing where there is no choice.
 */
function choice(name, options, chosen, choose) {
  if (options.length < 2) return null;
  return options.length > 6 ? choiceFromList(name, options, chosen, choose) :
                              choiceOfButtons(name, options, chosen, choose);
}

function choiceOfButtons(name, options, chosen, choose) {
  const buttons = options.map(
      ({value, label, disabled}) => element(
          'button', {
            type: 'button',
            disabled,
            'aria-pressed': String(value === chosen),
            onclick: (event) => {
              for (const button of buttons) button.setAttribute('aria-pressed', String(button === event.currentTarget));
              choose(value);
            },
          },
          label));
  return element(
      'div', {class: 'choice', role: 'group', 'aria-label': name}, element('span', {'aria-hidden': 'true'}, name),
      buttons);
}

function choiceFromList(name, options, chosen, choose) {
  const list = element(
      'select', {onchange: (event) => choose(options[event.currentTarget.selectedIndex].value)},
      options.map(({value, label}) => element('option', {selected: value === chosen}, label)));
  return element('label', {class: 'choice'}, element('span', {}, name), list);
}

/** What every line chart has in common. */
function lineChart(datasets, x, y, plugins = {}) {
  return {
    type: 'line',
    data: {datasets},
    options: {
      scales: {x, y},
      interaction: {mode: 'nearest', axis: 'xy', intersect: false},
      plugins: {...plugins, tooltip: {callbacks: {title: () => '', ...plugins.tooltip}}},
    },
    plugins: [whiskers, arrows, landmarks],
  };
}

function lineDataset(line, data) {
  const colour = lineColour(line);
  return {
    label: line.label,
    data,
    borderColor: colour,
    backgroundColor: colour,
    borderDash: line.dash,
    borderWidth: 2 + line.rim,
    pointStyle: line.shape,
    pointRadius: 4 + line.rim,
    pointHoverRadius: 6 + line.rim
  };
}
