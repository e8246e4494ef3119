// The whole distribution of response times at one level of load.

function percentileSection(model) {
  let level = model.levels[model.levels.length - 1];
  const choose = (chosen) => {
    level = chosen;
    redrawAll();
  };
  return section(
      'percentiles', 'Tail latency',
      paragraph(
          'Each step to the right (90, 99, 99.9 %) covers requests ten times rarer. A line ends where there are too few ' +
          'samples to go on, or where the rest timed out.'),
      element('div', {class: 'choices'}, levelChoice(model, level, choose)), figure({
        id: 'percentile-chart',
        heading: () => `Response times at ${levelText(level, model.closed)}`,
        unit: `logarithmic scale; all valid repeats together${hasInvalid(model) ? '; crosses: no valid repeat' : ''}`,
        key: () => curveKey(model, level),
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
  return cellsAt(model, level)
      .filter(({cell}) => curveData(cell).length > 0)
      .map(({target, cell}) => ({
             label: namedWithValidity(target.label, cell.valid),
             colourOf: target.name,
             variant: target.resultIndex,
             valid: cell.valid,
             curve: cell.curve
           }))
      .map(withStyle);
}

/** The key to the lines, and why other targets have none. */
function curveKey(model, level) {
  const lines = curveLines(model, level).map((line) => ({label: line.label, swatch: validitySwatch(line, line.valid)}));
  const without = cellsAt(model, level).filter(({cell}) => curveData(cell).length === 0);
  return [
    keyTo(lines),
    ...without.map(({target, cell}) => note(`${target.label} has no line: ${whyNoCurve(cell)}.`)),
  ];
}

function whyNoCurve(cell) {
  if (hasNoSuccess(cell)) return 'no successful responses';
  return cell.p50_ms?.at_least ? 'most requests timed out' : 'too few successful responses';
}

function percentileChart(lines) {
  const datasets = lines.map(curveDataset);
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

/** An invalid curve has crosses and no line. */
function curveDataset(line) {
  const dataset = {...lineDataset(line, curveData(line)), pointHitRadius: 6};
  return line.valid ? {...dataset, pointRadius: lastOnly} :
                      {...dataset, pointStyle: 'crossRot', pointBorderWidth: 2, showLine: false};
}

/** A point only at the end of a line, where the samples end. */
function lastOnly({dataIndex, dataset}) { return dataIndex === dataset.data.length - 1 ? 5 : 0; }

function percentileTable(lines) {
  const shown = [50, 75, 90, 95, 99, 99.5, 99.9, 99.99];
  const rows = shown.map((percent) => [percentileText(percent), ...lines.map(({curve}) => curveText(curve, percent))]);
  return plainTable(['percentile', ...lines.map((line) => line.label)], rows);
}

/** The nearest point of the curve that is not below; – beyond the last sample. */
function curveText(curve, percent) {
  const point = curve.find(([reached]) => reached >= percent - 1e-6);
  return point ? timeText(point[1] / 1e3) : '–';
}
