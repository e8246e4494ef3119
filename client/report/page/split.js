// The parts of the mean response time.

function splitSection(model) {
  let level = model.levels[model.levels.length - 1];
  const choose = (chosen) => {
    level = chosen;
    redrawAll();
  };
  const cells = () => splitCells(model, level);
  return section(
      'split', 'Where the time went',
      paragraph(
          'The mean response time of successful responses, by part. A server reports its own parts in the Server-Timing ' +
          'header; without it they are in the last part. While the only thread of an event loop is busy, data that has ' +
          'arrived stays unread in the socket buffers: that time is in the last part too.'),
      element('div', {class: 'choices'}, levelChoice(model, level, choose)), figure({
        id: 'split-chart',
        heading: () => `Mean response time at ${levelText(level, model.closed)}`,
        height: () => 50 + 44 * cells().length,
        key: () =>
            keyTo(partsOf(cells()).map(({name, colour}) => ({label: name, swatch: areaSwatch(partColour(colour))}))),
        config: () => splitChart(cells()),
        table: () => splitTable(cells()),
      }));
}

function splitCells(model, level) { return cellsAt(model, level).filter(({cell}) => cell.split_ms); }

/** The parts that are known for any of the cells, each with the number of its colour. */
function partsOf(cells) {
  return parts.map((part, colour) => ({...part, colour}))
      .filter(({of}) => cells.some(({cell}) => of(cell.split_ms) !== null));
}

/** A target, and the share of its requests that its bar is of, if not of all. */
function barLabel({target, cell}) {
  const name = namedWithValidity(target.label, cell.valid);
  return hasManyErrors(cell) ? [name, `${percentText(100 - errorsOf(cell))} of its requests`] : [name];
}

function splitChart(cells) {
  const datasets = partsOf(cells).map(({name, of, colour}) => ({
                                        label: name,
                                        data: cells.map(({cell}) => of(cell.split_ms)),
                                        backgroundColor: partColour(colour),
                                        borderColor: pageColour('card'),
                                        borderWidth: {right: 1},
                                        maxBarThickness: 34
                                      }));
  return {
    type: 'bar',
    data: {labels: cells.map(barLabel), datasets},
    options: {
      indexAxis: 'y',
      scales: {x: {...linearAxis(timeText), stacked: true}, y: {stacked: true, grid: {display: false}}},
      plugins: {
        hatching: {rows: cells.map(({cell}) => !cell.valid)},
        tooltip: {
          filter: ({raw}) => raw !== null,
          callbacks: {label: ({dataset, raw}) => `${dataset.label}: ${timeText(raw)}`}
        }
      },
    },
    plugins: [hatching],
  };
}

function splitTable(cells) {
  const shown = partsOf(cells);
  const times = ({split_ms: split}) => shown.map(({of}) => (of(split) === null ? '–' : timeText(of(split))));
  const total = ({split_ms: split}) => timeText(shown.reduce((sum, {of}) => sum + of(split), 0));
  return plainTable(
      ['target', ...shown.map(({name}) => name), 'total'],
      cells.map((bar) => [barLabel(bar).join(', '), ...times(bar.cell), total(bar.cell)]));
}
