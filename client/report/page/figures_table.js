// All figures of all targets in one table.

function figuresSection(model) {
  const rows = model.targets.flatMap((target) => target.cells.map((cell) => ({target, cell})));
  const columns = [
    {name: 'Target', value: ({target}) => target.label, cell: rowHeading},
    {
      name: model.closed ? 'Connections' : 'Offered',
      unit: model.closed ? '' : '/s',
      value: ({cell}) => cell.level,
      cell: ({cell}) => digits(cell.level)
    },
    ...(rows.some(({cell}) => passedText(cell) !== '') ? [passedColumn] : []),
    ...quantities.filter((quantity) => isKnown(model, quantity)).map(figureColumn),
  ];
  return section(
      'figures', 'All figures',
      element('p', {class: 'on-screen'}, 'Select a heading to sort by it; select it again to reverse the order.'),
      note('Medians over the repeats; below, where they differ, the lowest and the highest. ≥ marks a lower bound.'),
      element(
          'div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'All figures'},
          sortableTable(columns, rows)));
}

const passedColumn = {
  name: 'Passes',
  unit: 'runs',
  value: ({cell}) => (isNumber(cell.passed_runs) ? cell.passed_runs / cell.runs : null),
  cell: ({cell}) => passedText(cell),
};

/** In how many of its runs a target met every threshold; empty where none was set. */
function passedText(cell) {
  if (!isNumber(cell.passed_runs)) return '';
  return `${cell.passed_runs === cell.runs ? '✓' : '✗'} ${cell.passed_runs} of ${cell.runs}`;
}

function rowHeading({target, cell}) {
  if (cell.troubles.length === 0) return target.label;
  return [`${target.label} `, element('span', {class: 'mark'}, cell.valid ? '!' : '(invalid)')];
}

function figureColumn(quantity) {
  return {
    name: quantity.name,
    unit: quantity.unit,
    value: ({cell}) => spreadOf(cell, quantity)?.median ?? null,
    cell: ({cell}) => figureCell(cell, quantity),
  };
}
