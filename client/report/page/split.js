// Where the response time went, part by part.

function splitSection(model) {
  let level = model.levels[model.levels.length - 1];
  const choose = (chosen) => {
    level = chosen;
    redrawAll();
  };
  return section(
      'split', 'Where the time went',
      paragraph(
          'The mean response time of answered requests, in the parts it consists of. A server tells of its own parts ' +
          'in the Server-Timing header; if it does not, they are part of “on the way”.'),
      element('div', {class: 'choices'}, levelChoice(model, level, choose)), figure({
        id: 'split-chart',
        heading: () => `Mean response time at ${levelText(level, model.closed)}`,
        height: () => 50 + 44 * splitCells(model, level).length,
        key: () => keyTo(parts.map(({name}, index) => ({label: name, swatch: areaSwatch(partColour(index))}))),
        config: () => splitChart(splitCells(model, level)),
        table: () => splitTable(splitCells(model, level)),
      }));
}

function splitCells(model, level) { return cellsAt(model, level).filter(({cell}) => cell.split_ms); }

function splitChart(cells) {
  const datasets = parts.map(({key, name}, index) => ({
                               label: name,
                               data: cells.map(({cell}) => cell.split_ms[key]),
                               backgroundColor: partColour(index),
                               borderColor: pageColour('card'),
                               borderWidth: {right: 1},
                               maxBarThickness: 34
                             }));
  return {
    type: 'bar',
    data: {labels: cells.map(({target}) => target.label), datasets},
    options: {
      indexAxis: 'y',
      scales: {x: {...linearAxis(timeText), stacked: true}, y: {stacked: true, grid: {display: false}}},
      plugins: {tooltip: {callbacks: {label: ({dataset, raw}) => `${dataset.label}: ${timeText(raw)}`}}},
    },
  };
}

function splitTable(cells) {
  const total = (cell) => parts.reduce((sum, {key}) => sum + cell.split_ms[key], 0);
  return plainTable(
      ['target', ...parts.map(({name}) => name), 'together'],
      cells.map(
          ({target,
            cell}) => [target.label, ...parts.map(({key}) => timeText(cell.split_ms[key])), timeText(total(cell))]));
}
