// Axes for Chart.js: times on a logarithmic scale, measured values, percentiles.

const steps = [1, 2, 5];

/** The numbers 1, 2 and 5 times a power of ten from the last below `low` to the first above `high`. */
function niceNumbers(low, high) {
  const numbers = [];
  for (let power = Math.floor(Math.log10(low)) - 1; power <= Math.ceil(Math.log10(high)); ++power) {
    numbers.push(...steps.map((step) => Number(`${step}e${power}`)));
  }
  const first = numbers.findLastIndex((number) => number <= low);
  const last = numbers.findIndex((number) => number >= high);
  return numbers.slice(Math.max(first, 0), last < 0 ? numbers.length : last + 1);
}

function axisTitle(text) { return {display: text !== '', text}; }

/** A logarithmic axis that holds all of these values, with readable ticks. */
function logarithmicAxis(values, title, text) {
  const positive = values.filter((value) => value > 0);
  const ticks = positive.length > 0 ? niceNumbers(Math.min(...positive) * 0.9, Math.max(...positive) * 1.1) : [1, 10];
  const decades = ticks.filter((tick) => /^1(e|0*$)|^0\.0*1$/.test(String(tick)));
  return {
    type: 'logarithmic',
    min: ticks[0],
    max: ticks[ticks.length - 1],
    title: axisTitle(title),
    afterBuildTicks: (axis) => {
      axis.ticks = (ticks.length > 12 ? decades : ticks).map((value) => ({value}));
    },
    ticks: {callback: (value) => text(value), autoSkip: false},
  };
}

function timeAxis(values, title = '') { return logarithmicAxis(values, title, timeText); }

/** An axis that begins at 0. */
function linearAxis(text, title = '') {
  return {
    type: 'linear',
    beginAtZero: true,
    grace: '5%',
    title: axisTitle(title),
    ticks: {callback: (value) => text(value), maxTicksLimit: 6, precision: 6},
  };
}

/** The axis over which targets are compared, with ticks where something was measured. `more`: other values on it. */
function comparisonAxis(axis, more = [], title = axis.title) {
  const values = [...axis.values, ...more];
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const room = axis.logarithmic ? 0 : (most - least) * 0.06 || most * 0.5 || 1;
  return {
    type: axis.logarithmic ? 'logarithmic' : 'linear',
    min: axis.logarithmic ? least / 1.15 : Math.max(0, least - room),
    max: axis.logarithmic ? most * 1.15 : most + room,
    title: axisTitle(title),
    afterBuildTicks: (scale) => {
      scale.ticks = apart(axis.values, scale).map((value) => ({value}));
    },
    ticks: {callback: (value) => digits(value), autoSkip: false, maxRotation: 0},
  };
}

/** The values whose ticks do not overlap on this scale. */
function apart(values, scale) {
  const width = scale.chart.width;
  const place = scale.type === 'logarithmic' ? Math.log : (value) => value;
  const pixels = (one, other) => (width * (place(other) - place(one))) / (place(scale.max) - place(scale.min));
  const kept = [];
  for (const value of values) {
    if (kept.length === 0 || pixels(kept[kept.length - 1], value) >= 36) kept.push(value);
  }
  return kept;
}

/** Where a percentile stands on its axis: 90, 99 and 99.9 % are equally far apart. It begins at the median. */
function percentilePlace(percent) { return 100 / (100 - percent); }

function percentileAxis(highest) {
  const percents =
      [50, 90, 99, 99.9, 99.99, 99.999, 99.9999].filter((percent) => percentilePlace(percent) <= highest * 1.5);
  return {
    type: 'logarithmic',
    min: 2,
    max: Math.max(highest * 1.3, 20),
    title: axisTitle('percentile of successful responses'),
    afterBuildTicks: (axis) => {
      axis.ticks = percents.map((percent) => ({value: percentilePlace(percent)}));
    },
    ticks: {callback: (place) => `${Number((100 - 100 / place).toFixed(4))} %`, autoSkip: false, maxRotation: 0},
  };
}
