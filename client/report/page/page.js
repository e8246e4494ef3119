// The page: its sections in their order.

Object.assign(Chart.defaults, {animation: false, responsive: true, maintainAspectRatio: false});
Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
Chart.defaults.plugins.legend.display = false;

const model = makeModel(readResults());
const sections = [
  responseTimeSection, percentileSection, multiplesSection, splitSection, timelineSection, figuresSection, lanesSection,
  methodSection
];
document.getElementById('charts').replaceChildren(
    ...sections.map((make) => make(model)).filter((made) => made !== null));
followTheme(document.getElementById('theme'));
