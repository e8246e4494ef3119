// Why a figure must not be taken at face value: no run of its cell was valid, its error rate is high, or time-outs hide
// how long its requests took. Points show it by their look, texts by words.

/** The error rate from which on it is shown with every figure, by the client. */
const manyErrors = results[0].facts.many_errors_percent;

function errorsOf(cell) { return cell.errors_percent?.median ?? 0; }

function hasManyErrors(cell) { return errorsOf(cell) >= manyErrors; }

function errorsText(cell) { return hasManyErrors(cell) ? `${percentText(errorsOf(cell))} rejected or failed` : null; }

/** Percentiles, and the parts of the mean, are of successful responses. */
function hasNoSuccess(cell) { return errorsOf(cell) === 100; }

function namedWithValidity(label, isValid) { return isValid ? label : `${label} (invalid)`; }

function hasInvalid(model) { return model.targets.some(({cells}) => cells.some(({valid}) => !valid)); }

/** A line is invalid if it has points and none of them is valid. */
function isValidLine({points}) { return points.length === 0 || points.some(({cell}) => cell.valid); }

function lineLabel(line) { return namedWithValidity(line.label, isValidLine(line)); }

/** The tooltip of a measured point. */
function pointText(model, quantity, {label}, {x, spread, point: {cell}}) {
  const figure = joined(', ', [
    medianText(spread, quantity.text), rangeText(spread, quantity.text) || null, errorsText(cell),
    spread.at_least ? 'the rest timed out' : null
  ]);
  return `${namedWithValidity(label, cell.valid)}, ${model.axis.text(x)}: ${figure}`;
}

/** The dataset of a measured line: a cross for an invalid point, joined to nothing; a hollow one for many errors. */
function measuredDataset(line, data, radius = 4 + line.rim) {
  const dataset = lineDataset(line, data);
  const cells = data.map(({point}) => point.cell);
  const isJoined = ({p0DataIndex: from, p1DataIndex: to}) => cells[from].valid && cells[to].valid;
  return {
    ...dataset,
    pointStyle: cells.map(({valid}) => (valid ? line.shape : 'crossRot')),
    pointRadius: cells.map(({valid}) => (valid ? radius : radius + 1.5)),
    pointBackgroundColor: cells.map((cell) => (hasManyErrors(cell) ? pageColour('card') : dataset.borderColor)),
    pointBorderWidth: 2,
    segment: {borderColor: (segment) => (isJoined(segment) ? undefined : 'transparent')}
  };
}

/** The key to the measured lines, and to the looks that occur among their points. */
function measuredEntries(model, shown) {
  const points = model.lines.flatMap((line) => shown.flatMap((quantity) => pointsOf(line, quantity)));
  const cautions = [
    {mark: 'cross', label: 'invalid', isThere: ({point}) => !point.cell.valid},
    {
      mark: 'hollow',
      label: `${percentText(manyErrors)} or more rejected or failed`,
      isThere: ({point}) => point.cell.valid && hasManyErrors(point.cell)
    },
    {mark: 'arrow', label: 'lower bound: the rest timed out', isThere: ({spread}) => spread.at_least},
  ].filter(({isThere}) => points.some(isThere));
  return [
    ...model.lines.map((line) => ({label: lineLabel(line), swatch: validitySwatch(line, isValidLine(line))})),
    ...cautions.map(({mark, label}) => ({label, swatch: cautionSwatch(mark)}))
  ];
}

/** An invalid line is a cross without a line. */
function validitySwatch(line, isValid) { return lineSwatch(isValid ? line : {...line, shape: 'crossRot', dash: null}); }

function cautionSwatch(mark) {
  const outlines = {
    cross: 'M3 3l8 8m0-8l-8 8',
    hollow: 'M3 7a4 4 0 0 0 8 0a4 4 0 0 0-8 0',
    arrow: 'M7 13v-11m-4 4l4-4l4 4'
  };
  return drawn(
      'svg', {width: 14, height: 14, 'aria-hidden': 'true', class: 'caution'}, drawn('path', {d: outlines[mark]}));
}

/** A figure of a cell for a table, with its spread and the cautions that are given. */
function figureCell(cell, quantity, cautions = []) {
  const spread = spreadOf(cell, quantity);
  if (!spread) return quantity.isPercentile && hasNoSuccess(cell) ? 'none successful' : '–';
  return [medianText(spread, quantity.text), joined(', ', [rangeText(spread, quantity.text) || null, ...cautions])];
}

/** The highest error rate of each target that has a high one; null if none has. */
function errorsNote(model) {
  const worst = model.targets.flatMap(({label, cells}) => {
    const [cell] = cells.filter(hasManyErrors).sort((one, other) => errorsOf(other) - errorsOf(one));
    return cell ? [`${label} ${percentText(errorsOf(cell))} at ${levelText(cell.level, model.closed)}`] : [];
  });
  if (worst.length === 0) return null;
  return `Highest share rejected or failed: ${worst.join('; ')}. The points show the response times of the other ` +
      'requests, which say little where few succeed.';
}
