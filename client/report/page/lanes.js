// Short pictures of a server at work: a row for each of its threads, a thin line for each of its requests. Drawn from
// the events in Chrome's trace format that the server itself wrote (/trace).

const activities = ['running', 'waiting', 'queued', 'locked', 'tied'];
const most = {
  threads: 24,
  requests: 60
};
const laneSizes = {
  width: 1000,
  thread: 14,
  request: 4,
  gap: 18
};

function lanesSection(model) {
  const runs = model.targets.map((target) => ({target, run: tracedRun(target)})).filter(({run}) => run !== undefined);
  if (runs.length === 0) return null;
  return section(
      'lanes', 'Threads and requests at work',
      paragraph(
          'Each wide row is a thread, each thin line a request. Yellow row: a thread blocked by a waiting request. ' +
          'Yellow line alone: a waiting request that blocks no thread. Tied: a thread that an idle connection keeps.'),
      textsOf(model, (facts) => Object.values(facts.threads_notes)).map(note),
      keyTo(activities.map((name) => ({label: name, swatch: activitySwatch(name)}))),
      runs.map(({target, run}) => lanesFigure(target, run, model.closed)));
}

/** The run of a target that has a trace; of several, the one under the highest load. */
function tracedRun(target) {
  const runs = target.result.data.runs.filter((run) => run.target === target.name && run.lanes);
  return runs.sort((one, other) => other.level - one.level)[0];
}

function activitySwatch(name) {
  return drawn(
      'svg', {width: 14, height: 14, 'aria-hidden': 'true'},
      drawn('rect', {width: 14, height: 14, class: `is-${name}`}));
}

function lanesFigure(target, run, closed) {
  const trace = readTrace(run.lanes);
  const title = namedWithValidity(`${target.label} at ${levelText(run.level, closed)}`, run.load.valid);
  const picture = pictureOf(trace);
  return element(
      'figure', {class: 'lanes'},
      element(
          'figcaption', {}, element('h3', {}, title), element('span', {class: 'unit'}, `${digits(picture.end)} ms`)),
      lanesDrawing(picture, title), leftOut(trace, picture).map(note),
      element(
          'details', {}, element('summary', {}, 'Numbers'),
          element(
              'div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': `Table: ${title}`},
              lanesTable(trace))));
}

/** Threads and requests with their spans `{ name, begin, end }`, in milliseconds from the trace's beginning. */
function readTrace(events) {
  const threads = new Map();
  const requests = new Map();
  const open = new Map();
  const lane = (lanes, key, label) => lanes.get(key) ?? lanes.set(key, {label, spans: []}).get(key);
  for (const {ph, tid, name, ts, dur, id2, args} of events) {
    if (ph === 'M' && name === 'thread_name') lane(threads, tid, args.name);
    if (ph === 'X') lane(threads, tid, `thread ${tid}`).spans.push({name, begin: ts / 1e3, end: (ts + dur) / 1e3});
    if (!activities.includes(name)) continue;
    if (ph === 'b') open.set(`${id2.local} ${name}`, ts / 1e3);
    if (ph === 'e') {
      lane(requests, id2.local, `request ${id2.local}`)
          .spans.push({name, begin: open.get(`${id2.local} ${name}`), end: ts / 1e3});
    }
  }
  const byArrival = [...requests.values()].sort((one, other) => one.spans[0].begin - other.spans[0].begin);
  const lanes = {threads: [...threads.values()], requests: byArrival};
  return {...lanes, end: endOf([...lanes.threads, ...lanes.requests])};
}

/**
 * As many rows of a trace as there is room for. It ends where the first request begins that is not drawn: beyond, it
 * would look as if no more arrived. Of a burst it shows at least a third of the time.
 */
function pictureOf(trace) {
  const [threads, requests] = [trace.threads.slice(0, most.threads), trace.requests.slice(0, most.requests)];
  const next = trace.requests[most.requests]?.spans[0].begin ?? trace.end;
  return {threads, requests, end: Math.max(next, trace.end / 3)};
}

/** When the last span of some rows ends. */
function endOf(lanes) { return lanes.flatMap(({spans}) => spans).reduce((latest, {end}) => Math.max(latest, end), 1); }

/** What the picture of a trace leaves out. */
function leftOut(trace, picture) {
  const [threads, requests] = ['threads', 'requests'].map((kind) => trace[kind].length - picture[kind].length);
  const last = picture.requests[picture.requests.length - 1]?.spans[0];
  return [
    threads > 0 ? `Not drawn: ${counted(threads, 'more thread')}.` : null,
    requests > 0 ? `Drawn: the first ${picture.requests.length} of ${trace.requests.length} requests, which arrived ` +
            (last.begin > 0 ? `in the first ${timeText(last.begin)}.` : 'before the picture begins.') :
                              null,
  ].filter((text) => text !== null);
}

function lanesDrawing({threads, requests, end}, title) {
  const below = threads.length * laneSizes.thread + laneSizes.gap;
  const height = below + requests.length * laneSizes.request;
  return drawn(
      'svg', {viewBox: `0 0 ${laneSizes.width} ${height}`, role: 'img', 'aria-label': `Threads and requests: ${title}`},
      threads.map((lane, row) => laneDrawing(lane, row * laneSizes.thread, laneSizes.thread - 3, end)),
      requests.map((lane, row) => laneDrawing(lane, below + row * laneSizes.request, laneSizes.request - 1, end)));
}

function laneDrawing({spans}, y, height, end) {
  const place = (time) => Number((Math.min(time, end) / end * laneSizes.width).toFixed(2));
  return drawn(
      'g', {}, drawn('rect', {x: 0, y, width: laneSizes.width, height, class: 'is-idle'}),
      spans.filter(({begin}) => begin < end).map((span) => drawn('rect', {
                                                   x: place(span.begin),
                                                   y,
                                                   width: Math.max(place(span.end) - place(span.begin), 0.8),
                                                   height,
                                                   class: `is-${span.name}`
                                                 })));
}

/** How long each thread, and all requests together, spent on each activity. */
function lanesTable({threads, requests, end}) {
  const timeIn = (lanes, name) => lanes.flatMap(({spans}) => spans.filter((span) => span.name === name))
                                      .reduce((sum, span) => sum + span.end - span.begin, 0);
  const row = (label, lanes) => [label, ...activities.map((name) => timeText(timeIn(lanes, name)))];
  return plainTable(
      [`of ${digits(end)} ms`, ...activities],
      [...threads.map((lane) => row(lane.label, [lane])), row(`all ${counted(requests.length, 'request')}`, requests)]);
}
