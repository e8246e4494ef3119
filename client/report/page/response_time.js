// Response time against the load, with what queueing theory says of it.

function responseTimeSection(model) {
  const choices = [quantities.p50, quantities.p99, quantities.p999];
  const unknown = choices.filter((candidate) => !isKnown(model, candidate));
  let quantity = [quantities.p99, ...choices].find((candidate) => !unknown.includes(candidate));
  if (quantity === undefined) return null;
  const choose = (chosen) => {
    quantity = chosen;
    redrawAll();
  };
  return section(
      'response-time', `Response time by ${model.axis.name}`,
      paragraph('How long a request took, from the moment it was due until its answer was there. Lower is better.'),
      element(
          'div', {class: 'choices'},
          choice(
              'Percentile', choices.map((value) => ({value, label: value.name, disabled: unknown.includes(value)})),
              quantity, choose)),
      unknown.map(({name}) => note(`${name} is not known: it takes more requests than any of the runs had.`)), figure({
        id: 'response-time-chart',
        heading: () => quantity.title,
        unit: 'logarithmic scale; whiskers: the lowest and the highest repeat',
        key: () => responseTimeKey(model, quantity),
        config: () => responseTimeChart(model, quantity),
        table: () => tableOver(model, quantity),
      }),
      hasErrors(model) ? note('Answers with an error are among the response times.') : null,
      live(() => theoryNotes(model).map(note)));
}

function hasErrors(model) { return model.lines.some((line) => pointsOf(line, quantities.errors).some(({y}) => y > 0)); }

function isKnown(model, quantity) { return model.lines.some((line) => pointsOf(line, quantity).length > 0); }

function responseTimeChart(model, quantity) {
  const measured = model.lines.map((line) => lineDataset(line, pointsOf(line, quantity)));
  const expected = theoryLines(model, quantity);
  const marks = placesOf(model);
  const values = measured.flatMap(({data}) => data.flatMap(({spread}) => [spread.min, spread.max]));
  const shown = expected.flatMap(({data}) => data.map(({y}) => y)).filter((y) => y <= 2 * Math.max(...values));
  return lineChart(
      [...measured, ...expected], comparisonAxis(model.axis, marks.map(({x}) => x)), timeAxis([...values, ...shown]), {
        landmarks: {places: marks},
        tooltip: {
          label: ({dataset, raw}) => `${dataset.label}, ${model.axis.text(raw.x)}: ` +
              (raw.spread ?
                   [medianText(raw.spread, timeText), rangeText(raw.spread, timeText)].filter(Boolean).join(', ') :
                   timeText(raw.y))
        },
      });
}

function responseTimeKey(model, quantity) {
  const lines = model.lines.map((line) => ({label: line.label, swatch: lineSwatch(line)}));
  const theory = theoryLines(model, quantity).map(({label, borderColor, borderDash}) => ({
                                                    label,
                                                    swatch: lineSwatch({shape: null, dash: borderDash}, borderColor)
                                                  }));
  return keyTo([...lines, ...theory]);
}
