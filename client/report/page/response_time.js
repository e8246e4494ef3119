// Response time over load, with what queueing theory expects.

function responseTimeSection(model) {
  const unknown = percentiles.filter((candidate) => !isKnown(model, candidate));
  const p99 = percentiles.find(({key}) => key === 'p99_ms');
  let quantity = [p99, ...percentiles].find((candidate) => !unknown.includes(candidate));
  if (quantity === undefined) return null;
  const choose = (chosen) => {
    quantity = chosen;
    redrawAll();
  };
  const rejected = errorsNote(model);
  return section(
      'response-time', `Response time by ${model.axis.name}`,
      paragraph(
          'Response time of successful responses, from when the request was due until the response was complete. Lower ' +
          (rejected === null ? 'is better.' : 'is better, but only among targets with the same goodput.')),
      element(
          'div', {class: 'choices'},
          choice(
              'Percentile', percentiles.map((value) => ({value, label: value.name, disabled: unknown.includes(value)})),
              quantity, choose)),
      unknown.map(({name}) => note(`${name} is not known: no run had enough successful responses for it.`)), figure({
        id: 'response-time-chart',
        heading: () => quantity.title,
        unit: `logarithmic scale${hasRepeats(model) ? '; whiskers: lowest and highest repeat' : ''}`,
        key: () => responseTimeKey(model, quantity),
        config: () => responseTimeChart(model, quantity),
        table: () => tableOver(model, quantity),
      }),
      rejected === null ? null : note(rejected), live(() => theoryNotes(model).map(note)));
}

function hasRepeats(model) { return model.lines.some((line) => line.points.some(({cell}) => cell.runs > 1)); }

function isKnown(model, quantity) { return model.lines.some((line) => pointsOf(line, quantity).length > 0); }

function responseTimeChart(model, quantity) {
  const measured = model.lines.map((line) => measuredDataset(line, pointsOf(line, quantity)));
  const expected = theoryLines(model, quantity);
  const marks = placesOf(model);
  const heights = thresholdsOf(model, quantity);
  const values = measured.flatMap(({data}) => data.flatMap(({spread}) => [spread.min, spread.max]));
  const shown = expected.flatMap(({data}) => data.map(({y}) => y)).filter((y) => y <= 2 * Math.max(...values));
  return lineChart(
      [...measured, ...expected], comparisonAxis(model.axis, marks.map(({x}) => x)),
      timeAxis([...values, ...shown, ...heights.map(({y}) => y)]), {
        landmarks: {places: marks, heights},
        tooltip: {
          label: ({dataset, raw}) => raw.spread ? pointText(model, quantity, dataset, raw) :
                                                  `${dataset.label}, ${model.axis.text(raw.x)}: ${timeText(raw.y)}`
        },
      });
}

/** The limits that this percentile was held against. */
function thresholdsOf(model, quantity) {
  const lines = model.results.flatMap(({facts}) => facts.thresholds.filter(({key}) => key === quantity.key));
  return distinctBy(lines, ({label}) => label);
}

function responseTimeKey(model, quantity) {
  const theory = theoryLines(model, quantity).map(({label, borderColor, borderDash}) => ({
                                                    label,
                                                    swatch: lineSwatch({shape: null, dash: borderDash}, borderColor)
                                                  }));
  return keyTo([...measuredEntries(model, [quantity]), ...theory]);
}
