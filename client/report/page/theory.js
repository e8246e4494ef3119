// What queueing theory expects of the targets, as far as it applies to them.

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

/** One line for all targets of which theory expects the same; in the target's colour, if it is one alone. */
function theoryOverRate(model, quantity) {
  const known = model.targets.filter((target) => target.theory);
  return distinctBy(known, lawKey)
      .map((target) => ({
             label: target.theory.label,
             colour: theoryColour(model, known.filter((other) => lawKey(other) === lawKey(target))),
             data: target.theory.curve.flatMap(
                 (point) => (point[quantity.key] === null ? [] : [{x: point.rate, y: point[quantity.key]}])),
           }))
      .filter(({data}) => data.length > 0);
}

/** Over a sweep each target has one point: what theory expects at the level of its line. */
function theoryOverSweep(model, quantity) {
  return model.lines.flatMap((line) => {
    const data = line.points.flatMap(({x, cell, target}) => {
      const expected = target.theory?.curve.find((point) => point.rate === cell.level)?.[quantity.key];
      return expected === null || expected === undefined ? [] : [{x, y: expected}];
    });
    return data.length > 1 ? [{label: `${line.label}, theory`, colour: lineColour(line), data}] : [];
  });
}

function lawKey({theory}) { return [theory.label, theory.mean_hold_ms].join(); }

function distinctBy(values, key) {
  return values.filter((value, index) => values.findIndex((other) => key(other) === key(value)) === index);
}

/** That of the target, if the law is about one alone. */
function theoryColour(model, targets) {
  const line = model.lines.find((candidate) => candidate.points.some(({target}) => target === targets[0]));
  return targets.length === 1 && line ? lineColour(line) : pageColour('soft');
}

/** Places on the axis at which something ends by theory, or by what was measured. */
function placesOf(model) {
  const known = model.targets.filter((target) => target.theory);
  const limits = model.targets.flatMap(({limit}) => limit ?? []);
  const places = model.axis.swept ? sweptPlaces(model, known) : distinctBy(limits, ({label}) => label);
  const most = Math.max(...model.axis.values);
  return places.filter(({x}) => x > 0 && x <= 1.5 * most);
}

/** Whether the axis is the number of workers of the targets. */
function sweepsWorkers(model) {
  return model.targets.some(({sizeKey}) => sizeKey !== null && sizeKey === model.axis.swept);
}

function sweptPlaces(model, known) {
  if (!sweepsWorkers(model)) return [];
  const busy = model.targets.find((target) => target.busy.length > 0)?.busy ?? [];
  const goetz =
      known.map((target) => target.theory.goetz_threads).filter((threads) => threads !== null).sort((a, b) => a - b);
  const middle = goetz[Math.floor(goetz.length / 2)];
  return middle === undefined ? busy :
                                [...busy, {x: middle, label: `CPU saturated at about ${Math.round(middle)} (Goetz)`}];
}

/** What to know of the laws that are drawn; of Goetz's formula only where its axis is drawn. */
function theoryNotes(model) {
  const isDrawn = ([law]) => law !== 'Goetz' || sweepsWorkers(model);
  return textsOf(model, (facts) => Object.entries(facts.theory_notes).filter(isDrawn).map(([, text]) => text));
}
