// The page: its sections in their order.

Object.assign(Chart.defaults, {animation: false, responsive: true, maintainAspectRatio: false});
Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
Chart.defaults.plugins.legend.display = false;

const drawings = [
  responseTimeSection, percentileSection, multiplesSection, splitSection, timelineSection, figuresSection, lanesSection
];

/** Without any run there is nothing to draw but how it would have been measured. */
function sectionsOf(model) {
  const measured = model.targets.some((target) => target.cells.length > 0);
  const made = measured ? drawings.map((make) => make(model)) : [note('No run was made: there is nothing to draw.')];
  return [...made, methodSection(model)].filter((section) => section !== null);
}

document.getElementById('charts').replaceChildren(...sectionsOf(makeModel()));
followTheme(document.getElementById('theme'));
