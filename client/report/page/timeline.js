// One run over time: response times, and the server below them.

function timelineSection(model) {
  const runs = model.results.flatMap(
      (result) =>
          result.data.runs.filter((run) => run.load.timeline).map((run) => ({
                                                                    ...run,
                                                                    label: run.target + result.mark,
                                                                    warmup: result.data.load.warmup_seconds,
                                                                    timeout: result.data.load.timeout_seconds * 1e3
                                                                  })));
  if (runs.length === 0) return null;
  const {label, level, repeat} = slowest(runs);
  const chosen = {label, level, repeat};
  const run = () =>
      runs.find((one) => one.label === chosen.label && one.level === chosen.level && one.repeat === chosen.repeat) ??
      null;
  return section(
      'timeline', 'One run over time',
      paragraph('Time 0 is the end of the warm-up. A growing queue shows as rising response times.'),
      live(() => runChoices(model, runs, chosen), {class: 'choices'}),
      live(() => (run() ? null : note('This run is missing or was interrupted.'))), figure({
        id: 'timeline-chart',
        heading: () => namedWithValidity(
            `Response times of ${chosen.label} at ${levelText(chosen.level, model.closed)}, repeat ${chosen.repeat}`,
            run()?.load.valid ?? true),
        unit: 'of the requests that ended in each time slice; logarithmic scale',
        printed: false,
        key: () => keyToLines(timelineLines),
        config: () => timelineChart(run()),
        table: () => timelineTable(run()),
      }),
      telemetryFigures(runs, run));
}

/** The run to show first: of the valid ones, if there are any, the slowest, in which there is the most to see. */
function slowest(runs) {
  const valid = runs.filter((run) => run.load.valid);
  const time = (run) => run.load.response_time_us.mean ?? 0;
  return (valid.length > 0 ? valid : runs).reduce((found, run) => (time(run) > time(found) ? run : found));
}

function runChoices(model, runs, chosen) {
  const choose = (name) => (value) => {
    chosen[name] = value;
    redrawAll();
  };
  const options = (values) => [...new Set(values)].map((value) => ({value, label: String(value)}));
  return [
    choiceFromList('Target', options(runs.map(({label}) => label)), chosen.label, choose('label')),
    choiceFromList(model.closed ? 'Connections' : 'Offered rate', options(model.levels), chosen.level, choose('level')),
    choiceFromList('Repeat', options(runs.map(({repeat}) => repeat).sort()), chosen.repeat, choose('repeat')),
  ];
}

const timelineLines = [
  {key: 'p50_us', label: 'p50', colour: 0, shape: 'circle', dash: [], rim: 0},
  {
    key: 'p99_us',
    label: 'p99, for slices with 100 requests or more',
    colour: 2,
    shape: 'triangle',
    dash: [7, 4],
    rim: 0
  },
  {key: 'max_us', label: 'slowest', colour: 1, shape: 'rectRot', dash: [2, 3], rim: 0},
];

/** The middle of each slice of the run, in seconds. */
function sliceTimes({begin_s: begin, slice_s: width, ended}) {
  return ended.map((_, index) => begin + (index + 0.5) * width);
}

function timelineChart(run) {
  const timeline = run?.load.timeline;
  const slices = timeline ? sliceTimes(timeline) : [];
  const datasets = timelineLines.map((line) => ({
                                       ...lineDataset(line, slices.flatMap((x, index) => {
                                         const us = timeline[line.key][index];
                                         return us === null ? [] : [{x, y: us / 1e3}];
                                       })),
                                       pointRadius: 2.5
                                     }));
  const times = datasets.flatMap(({data}) => data.map(({y}) => y));
  const timedOut = (time) => time >= run.timeout;
  return lineChart(datasets, secondsAxis(run), timeAxis(times), {
    landmarks: {heights: times.some(timedOut) ? [{y: run.timeout, label: `time-out ${timeText(run.timeout)}`}] : []},
    tooltip: {
      label: ({dataset, raw}) =>
          `${dataset.label} at ${digits(raw.x)} s: ${timedOut(raw.y) ? '≥ ' : ''}${timeText(raw.y)}`
    }
  });
}

function secondsAxis(run) {
  const ends = run ? [...sliceTimes(run.load.timeline), ...telemetry(run).map(({x}) => x)] : [0, 1];
  return {
    type: 'linear',
    min: Math.min(0, ...ends),
    max: Math.max(...ends),
    ticks: {callback: (value) => `${digits(value)} s`, maxTicksLimit: 8, maxRotation: 0, includeBounds: false}
  };
}

function timelineTable(run) {
  const timeline = run?.load.timeline;
  const time = (us) => (us === null ? '–' : timeText(us / 1e3));
  return plainTable(
      ['time', 'ended', 'errors', 'p50', 'p99', 'slowest'],
      timeline ? sliceTimes(timeline).map(
                     (x, index) =>
                         [`${digits(x)} s`, String(timeline.ended[index]), String(timeline.errors[index]),
                          time(timeline.p50_us[index]), time(timeline.p99_us[index]), time(timeline.max_us[index])]) :
                 []);
}
