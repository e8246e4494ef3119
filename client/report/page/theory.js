// What queueing theory says of the targets, as far as it applies to them.

const theoryDashes = [[3, 3], [9, 3, 2, 3], [2, 6], [9, 3, 2, 3, 2, 3]];

/**
 * What theory expects of a quantity, as lines; they differ from measured ones by their dots, and so from each other.
 */
function theoryLines(model, quantity) {
  return expectations(model, quantity).map(({label, colour, data}, index) => ({
                                             label,
                                             data,
                                             isTheory: true,
                                             borderColor: colour,
                                             backgroundColor: colour,
                                             borderDash: theoryDashes[index % theoryDashes.length],
                                             borderWidth: 1.5,
                                             pointRadius: 0,
                                             pointHitRadius: 0
                                           }));
}

function expectations(model, quantity) {
  if (model.axis.swept) return theoryOverSweep(model, quantity);
  return model.closed ? [] : theoryOverRate(model, quantity);
}

/** One line for all the targets that theory can't tell apart, in the colour of the one that it is about. */
function theoryOverRate(model, quantity) {
  const known = model.targets.filter((target) => target.theory);
  return distinctBy(known, lawKey)
      .map((target) => ({
             label: theoryLabel(target.theory),
             colour: theoryColour(model, known.filter((other) => lawKey(other) === lawKey(target))),
             data: target.theory.curve.flatMap(
                 (point) => (point[quantity.key] === null ? [] : [{x: point.rate, y: point[quantity.key]}])),
           }))
      .filter(({data}) => data.length > 0);
}

/** Over a sweep each target has one point: what theory says of it at the level of its line. */
function theoryOverSweep(model, quantity) {
  return model.lines.flatMap((line) => {
    const data = line.points.flatMap(({x, cell, target}) => {
      const expected = target.theory?.curve.find((point) => point.rate === cell.level)?.[quantity.key];
      return expected === null || expected === undefined ? [] : [{x, y: expected}];
    });
    return data.length > 1 ? [{label: `${line.label}, by theory`, colour: lineColour(line), data}] : [];
  });
}

/** A queue so long that the law takes it for one without an end makes no difference. */
function roomOf({law, room}) { return law === 'M/M/c/K' ? room : null; }

function lawKey({theory}) {
  return [theory.law, theory.servers, roomOf(theory), theory.calls, theory.mean_hold_ms].join();
}

function distinctBy(values, key) {
  return values.filter((value, index) => values.findIndex((other) => key(other) === key(value)) === index);
}

/** That of the target, if the law is about one alone. */
function theoryColour(model, targets) {
  const line = model.lines.find((candidate) => candidate.points.some(({target}) => target === targets[0]));
  return targets.length === 1 && line ? lineColour(line) : pageColour('soft');
}

function theoryLabel(theory) {
  const {law, servers, calls} = theory;
  if (servers === null) return `theory if nobody queues${calls > 1 ? `, ${calls} calls each` : ''} (${law})`;
  const room = roomOf(theory);
  return `theory for ${servers} at once${room === null ? '' : ` and ${room} in a queue`} (${law})`;
}

/** Places on the axis that theory names. */
function placesOf(model) {
  const known = model.targets.filter((target) => target.theory);
  const places = model.axis.swept ?
      sweptPlaces(model, known) :
      distinctBy(known, lawKey).flatMap(({theory}) => (theory.servers === null ? [] : [limitOf(theory, model.closed)]));
  const most = Math.max(...model.axis.values);
  return places.filter(({x}) => x > 0 && x <= 1.5 * most);
}

function limitOf({servers, mean_hold_ms: hold, capacity_per_s: capacity}, closed) {
  if (closed) return {x: servers, label: `one connection for each of ${servers}`};
  return {x: capacity, label: `long-run limit: ${servers} ÷ ${timeText(hold)} = ${digits(capacity)}/s`};
}

function sweptPlaces(model, known) {
  if (!model.axis.swept.endsWith('threads')) return [];
  const hold = known[0]?.theory.mean_hold_ms;
  const busy = hold && !model.closed ?
      model.levels.map(
          (rate) =>
              ({x: rate * hold / 1e3, label: `busy on average at ${digits(rate)}/s: ${digits(rate * hold / 1e3)}`})) :
      [];
  const goetz =
      known.map((target) => target.theory.goetz_threads).filter((threads) => threads !== null).sort((a, b) => a - b);
  const middle = goetz[Math.floor(goetz.length / 2)];
  return middle === undefined ? busy : [...busy, {x: middle, label: `CPU full at about ${Math.round(middle)} (Goetz)`}];
}

function theoryNotes(model) {
  const laws = new Set(model.targets.flatMap((target) => (target.theory ? [target.theory.law] : [])));
  const notes = [];
  if (laws.has('Erlang-C')) {
    notes.push(
        'Erlang-C: what a queue for so many servers comes to when arrivals are random and the backend’s times are ' +
        'exponential. It knows of no overhead, takes the mean time of the backend’s profile for granted, and tells of a ' +
        'steady state, while a run starts empty and is short: near the limit it stays below the curve. Beyond the ' +
        'limit there is no such curve: the queue grows without end.');
  }
  if (laws.has('M/M/c/K')) {
    notes.push(
        'M/M/c/K: what a queue with room for only so many comes to. What finds no room is turned away: the ' +
        'curve is of the others.');
  }
  if (model.axis.swept?.endsWith('threads') && model.targets.some((target) => target.theory?.goetz_threads)) {
    notes.push(
        'Goetz: CPUs × (1 + wait ÷ CPU time of a request), the threads beyond which more keep no CPU busier. ' +
        'It speaks of utilisation, not of latency, and is no size to choose.');
  }
  return notes;
}
