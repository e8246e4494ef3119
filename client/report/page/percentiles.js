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
          'Each further nine of the axis is ten times rarer. A line ends where its samples end, or where the rest ' +
          'timed out: further out there would be nothing but chance.'),
      element('div', {class: 'choices'}, levelChoice(model, level, choose)), figure({
        id: 'percentile-chart',
        heading: () => `Response times at ${levelText(level, model.closed)}`,
        unit:
            `logarithmic scale; all valid repeats together${hasInvalid(model) ? '; where none is valid, crosses' : ''}`,
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

/** The key to the lines, and why there is none of the other targets. */
function curveKey(model, level) {
  const lines = curveLines(model, level).map((line) => ({label: line.label, swatch: validitySwatch(line, line.valid)}));
  const without = cellsAt(model, level).filter(({cell}) => curveData(cell).length === 0);
  return [
    keyTo(lines),
    ...without.map(({target, cell}) => note(`${target.label} has no line here: ${whyNoCurve(cell)}.`)),
  ];
}

function whyNoCurve(cell) {
  if (hasNoGoodAnswers(cell)) return 'it gave no good answers';
  return cell.p50_ms?.at_least ? 'time-outs hide it' : 'it gave too few good answers';
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

/** What is invalid has crosses and no line. */
function curveDataset(line) {
  const dataset = {...lineDataset(line, curveData(line)), pointHitRadius: 6};
  return line.valid ? {...dataset, pointRadius: lastOnly} :
                      {...dataset, pointStyle: 'crossRot', pointBorderWidth: 2, showLine: false};
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
