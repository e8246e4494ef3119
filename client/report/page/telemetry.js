// The server in the course of one run.

const gauges = [
  {key: 'threads', name: 'Threads', unit: 'of the server process', text: countText, value: (sample) => sample.threads},
  {key: 'memory', name: 'Memory', unit: 'RSS, MiB', text: digits, value: (sample) => sample.rss_bytes / 1024 ** 2},
  {
    key: 'in-flight',
    name: 'In flight',
    unit: 'requests in the server',
    text: countText,
    value: (sample) => sample.in_flight
  },
  {key: 'queued', name: 'Queued', unit: 'requests', text: countText, value: (sample) => sample.queued},
];

/** The samples of a run with `x`: seconds since the end of the warm-up, as its response times have. */
function telemetry(run) { return run.server.samples.map((sample) => ({...sample, x: sample.at_seconds - run.warmup})); }

function telemetryFigures(runs, run) {
  const known =
      gauges.filter((gauge) => runs.some((one) => one.server.samples.some((sample) => isNumber(gauge.value(sample)))));
  return element('div', {class: 'multiples'}, known.map((gauge) => figure({
                                                          id: `timeline-${gauge.key}-chart`,
                                                          heading: () => gauge.name,
                                                          unit: gauge.unit,
                                                          small: true,
                                                          config: () => telemetryChart(run(), gauge),
                                                          table: () => telemetryTable(run(), gauge),
                                                        })));
}

function telemetryData(run, gauge) {
  return run ? telemetry(run).map((sample) => ({x: sample.x, y: gauge.value(sample)})).filter(({y}) => isNumber(y)) :
               [];
}

function telemetryChart(run, gauge) {
  const line = {label: gauge.name, colour: 0, shape: 'circle', dash: [], rim: 0};
  const dataset = {...lineDataset(line, telemetryData(run, gauge)), pointRadius: 0, pointHitRadius: 6, stepped: true};
  return lineChart(
      [dataset], secondsAxis(run), linearAxis(gauge.text),
      {tooltip: {label: ({raw}) => `${digits(raw.x)} s: ${gauge.text(raw.y)}`}});
}

function telemetryTable(run, gauge) {
  return plainTable(['time', gauge.name], telemetryData(run, gauge).map(({x, y}) => [`${digits(x)} s`, gauge.text(y)]));
}
