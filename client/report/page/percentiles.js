// The whole distribution of response times at one level of load.

function percentileSection(model) {
  let level = model.levels[model.levels.length - 1];
  const choose = (chosen) => {
    level = chosen;
    redrawAll();
  };
  return section(
      'percentiles', 'The slow ones among them',
      paragraph(
          'Each further nine of the axis is ten times rarer. A line ends where its samples end: further out there ' +
          'would be nothing but chance.'),
      element('div', {class: 'choices'}, levelChoice(model, level, choose)), figure({
        id: 'percentile-chart',
        heading: () => `Response times at ${levelText(level, model.closed)}`,
        unit: 'all valid repeats together; logarithmic scale',
        key: () => keyToLines(curveLines(model, level)),
        config: () => percentileChart(curveLines(model, level)),
        table: () => percentileTable(curveLines(model, level)),
      }));
}

function levelChoice(model, level, choose) {
  const name = model.closed ? 'Connections' : 'Offered rate';
  return choice(
      name, model.levels.map((value) => ({value, label: model.closed ? String(value) : `${digits(value)}/s`})), level,
      choose);
}

/** A line for each target that has a curve there. */
function curveLines(model, level) {
  const cells = cellsAt(model, level).filter(({cell}) => cell.curve.length > 0);
  return cells
      .map(({target,
             cell}) => ({label: target.label, colourOf: target.name, variant: target.resultIndex, curve: cell.curve}))
      .map(withStyle);
}

function percentileChart(lines) {
  const datasets =
      lines.map((line) => ({...lineDataset(line, curveData(line)), pointRadius: lastOnly, pointHitRadius: 6}));
  const farthest = Math.max(2, ...datasets.flatMap(({data}) => data.map(({x}) => x)));
  const values = datasets.flatMap(({data}) => data.map(({y}) => y));
  return lineChart(
      datasets, percentileAxis(farthest), timeAxis(values),
      {tooltip: {label: ({dataset, raw}) => `${dataset.label}, ${percentileText(raw.percent)}: ${timeText(raw.y)}`}});
}

function curveData({curve}) {
  return curve.filter(([percent]) => percent >= 50).map(([
                                                          percent, us
                                                        ]) => ({x: percentilePlace(percent), y: us / 1e3, percent}));
}

/** A point at the end of a line alone, where the samples end. */
function lastOnly({dataIndex, dataset}) { return dataIndex === dataset.data.length - 1 ? 5 : 0; }

function percentileTable(lines) {
  const shown = [50, 75, 90, 95, 99, 99.5, 99.9, 99.99];
  const rows = shown.map((percent) => [percentileText(percent), ...lines.map(({curve}) => curveText(curve, percent))]);
  return plainTable(['percentile', ...lines.map((line) => line.label)], rows);
}

/** The nearest point of the curve that is not below; – where the samples have ended. */
function curveText(curve, percent) {
  const point = curve.find(([reached]) => reached >= percent - 1e-6);
  return point ? timeText(point[1] / 1e3) : '–';
}
