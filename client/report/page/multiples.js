// Goodput and resource use of the targets, over the same axis.

const isOfErrors = ({key}) => key === 'errors_percent';
const multiples =
    quantities.filter((quantity) => !quantity.isPercentile).sort((one, other) => isOfErrors(one) - isOfErrors(other));

function multiplesSection(model) {
  const known = multiples.filter((quantity) => isKnown(model, quantity));
  const [shown, zero] =
      [known.filter((quantity) => !isZero(model, quantity)), known.filter((quantity) => isZero(model, quantity))];
  const unknown = multiples.filter((quantity) => !known.includes(quantity));
  return section(
      'costs', 'Goodput and resource use',
      paragraph(`By ${model.axis.name}, as above; every vertical axis begins at 0.`),
      live(() => keyTo(measuredEntries(model, shown))),
      element('div', {class: 'multiples'}, shown.map((quantity) => multiple(model, quantity))),
      namesNote('Always zero', zero), namesNote('Not measured', unknown));
}

function isZero(model, quantity) {
  return model.lines.every((line) => pointsOf(line, quantity).every(({spread}) => spread.max === 0));
}

function namesNote(what, list) {
  return list.length === 0 ? null : note(`${what}: ${listed(list.map(({name}) => name.toLowerCase()))}.`);
}

function multiple(model, quantity) {
  return figure({
    id: `${quantity.key.replaceAll('_', '-')}-chart`,
    heading: () => quantity.name,
    unit: quantity.unit,
    small: true,
    config: () => multipleChart(model, quantity),
    table: () => tableOver(model, quantity),
  });
}

function multipleChart(model, quantity) {
  const datasets = model.lines.map((line) => measuredDataset(line, pointsOf(line, quantity), 4));
  return lineChart(
      datasets, comparisonAxis(model.axis, [], ''), linearAxis(quantity.text),
      {tooltip: {label: ({dataset, raw}) => pointText(model, quantity, dataset, raw)}});
}
