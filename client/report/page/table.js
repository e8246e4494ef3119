// Tables: the numbers of each chart, and one that can be sorted.

/** `columns`: headings; `rows`: lists of a heading and its cells, each a text, or a text and a smaller one beneath. */
function plainTable(columns, rows) {
  return element(
      'table', {},
      element('thead', {}, element('tr', {}, columns.map((column) => element('th', {scope: 'col'}, column)))),
      element(
          'tbody', {},
          rows.map(([heading,
                     ...cells]) => element('tr', {}, element('th', {scope: 'row'}, heading), cells.map(tableCell)))));
}

function tableCell(cell) {
  const [text, beneath] = [cell].flat();
  return element('td', {}, text, beneath ? element('small', {}, beneath) : null);
}

/** Columns are `{ name, unit, value, cell }`: `value` sorts a row (null goes last), `cell` is what it shows. */
function sortableTable(columns, rows) {
  const body = element('tbody');
  const headings = columns.map(
      (column) => element(
          'th', {scope: 'col'},
          element(
              'button', {type: 'button', onclick: () => sortBy(column)}, column.name,
              column.unit ? element('small', {}, column.unit) : null)));
  const lines = rows.map((row) => ({
                           row,
                           line: element(
                               'tr', {},
                               columns.map(
                                   (column, index) => index === 0 ? element('th', {scope: 'row'}, column.cell(row)) :
                                                                    tableCell(column.cell(row))))
                         }));
  const sortBy = (column) => {
    const heading = headings[columns.indexOf(column)];
    const descending = heading.getAttribute('aria-sort') === 'ascending';
    for (const other of headings) other.removeAttribute('aria-sort');
    heading.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
    lines.sort((one, other) => compareValues(column.value(one.row), column.value(other.row), descending ? -1 : 1));
    body.replaceChildren(...lines.map(({line}) => line));
  };
  body.append(...lines.map(({line}) => line));
  return element('table', {class: 'sortable'}, element('thead', {}, element('tr', {}, headings)), body);
}

function compareValues(one, other, direction) {
  if (one === null || other === null) return (one === null) - (other === null);
  return direction * (typeof one === 'string' ? one.localeCompare(other, 'en', {numeric: true}) : one - other);
}

/** The table of a quantity: a row for each place on the axis, a column for each line. */
function tableOver(model, quantity, lines = model.lines) {
  const rows =
      model.axis.values.map((x) => [model.axis.text(x), ...lines.map((line) => {
                              const point = line.points.find((candidate) => candidate.x === x);
                              if (!point) return '–';
                              const {cell} = point;
                              return figureCell(cell, quantity, [cell.valid ? null : 'invalid', errorsText(cell)]);
                            })]);
  return plainTable([model.axis.name, ...lines.map(lineLabel)], rows);
}
