// What the page shows of the results it holds: lines over an axis, each with a point for every cell of the comparison.

/**
 * The results in the page, in the order they were given, each with what the client says of it (page_facts.hpp). Several
 * are told apart by a letter.
 */
function readResults() {
  const sources = [...document.querySelectorAll('script[type="application/json"]')];
  const facts = [...document.querySelectorAll('script[type="application/vnd.waitlab.facts+json"]')];
  return sources.map((source, index) => ({
                       name: source.dataset.name,
                       mark: sources.length > 1 ? ` (${String.fromCharCode(65 + index)})` : '',
                       text: source.textContent,
                       data: JSON.parse(source.textContent),
                       facts: JSON.parse(facts[index].textContent),
                     }));
}

const results = readResults();

function makeModel() {
  const targets = results.flatMap(targetsOf);
  const levels = distinctNumbers(targets.flatMap((target) => target.cells.map((cell) => cell.level)));
  const closed = results[0].data.load.connections !== null;
  const swept = sweptKey(targets, levels);
  const lines = swept ? linesOverSweep(targets, levels, swept, closed) : targets.map(lineOverLevels);
  return {results, targets, levels, closed, lines: lines.map(withStyle), axis: axisOf(lines, swept, closed)};
}

function targetsOf(result, resultIndex) {
  const cellsOf = (name) => result.data.comparison.filter((cell) => cell.target === name && cell.runs > 0);
  return result.data.targets.map((target) => ({
                                   ...target,
                                   label: target.name + result.mark,
                                   familyLabel: target.family + result.mark,
                                   result,
                                   resultIndex,
                                   cells: cellsOf(target.name),
                                   theory: theoryOf(result, target.name),
                                   limit: result.facts.limits[target.name] ?? null,
                                   busy: result.facts.busy[target.name] ?? [],
                                   sizeKey: result.facts.size_keys[target.name] ?? null,
                                 }));
}

/** What theory expects of a target, and how that is called; null where no law covers it. */
function theoryOf({data, facts}, name) {
  const numbers = data.theory.find((theory) => theory.target === name);
  return numbers ? {...numbers, ...facts.theory[name]} : null;
}

/** What the results say of a kind, each text once. */
function textsOf(model, read) { return [...new Set(model.results.flatMap(({facts}) => read(facts)))]; }

function isNumber(value) { return typeof value === 'number' && Number.isFinite(value); }

function distinctNumbers(values) { return [...new Set(values)].sort((one, other) => one - other); }

/**
 * The one setting that takes at least three numbers while the load takes few levels: then it is what the page is
 * about.
 */
function sweptKey(targets, levels) {
  const keys = new Set(targets.flatMap((target) => Object.keys(target.sweep)));
  if (keys.size !== 1) return null;
  const [key] = keys;
  const values = targets.map((target) => target.sweep[key]).filter((value) => value !== undefined);
  const numbers = distinctNumbers(values);
  const fits = values.every((value) => typeof value === 'number') && numbers.length >= 3;
  return fits && levels.length <= 3 && levels.length < numbers.length ? key : null;
}

function lineOverLevels(target) {
  return {
    label: target.label,
    colourOf: target.name,
    variant: target.resultIndex,
    points: target.cells.map((cell) => ({x: cell.level, cell, target})),
  };
}

/** A line for each family and level. A target that is not swept is a reference: it has the same value everywhere. */
function linesOverSweep(targets, levels, key, closed) {
  const families = [...new Set(targets.map((target) => target.familyLabel))];
  const numbers = distinctNumbers(targets.map((target) => target.sweep[key]).filter((value) => value !== undefined));
  return families
      .flatMap((family) => levels.map((level, variant) => {
        const points = targets.filter((target) => target.familyLabel === family)
                           .flatMap(
                               (target) => target.cells.filter((cell) => cell.level === level)
                                               .flatMap((cell) => (target.sweep[key] === undefined ? numbers : [
                                                                    target.sweep[key]
                                                                  ]).map((x) => ({x, cell, target}))));
        const label = levels.length > 1 ? `${family} at ${levelText(level, closed)}` : family;
        return {label, colourOf: family, variant, points: points.sort((one, other) => one.x - other.x)};
      }))
      .filter((line) => line.points.length > 0);
}

function axisOf(lines, swept, closed) {
  const values = distinctNumbers(lines.flatMap((line) => line.points.map((point) => point.x)));
  const name = swept ? swept.split('.').pop().replaceAll('_', ' ') : closed ? 'connections' : 'offered rate';
  return {
    values,
    swept,
    name,
    title: swept || closed ? name : 'offered rate, requests per second',
    logarithmic: values[0] > 0 && values[values.length - 1] / values[0] >= 12,
    text: (x) => (swept || closed ? `${digits(x)} ${name}` : `${digits(x)}/s`),
  };
}

function levelText(level, closed) { return closed ? counted(level, 'connection') : `${digits(level)}/s`; }

/** The spread of a quantity over the repeats, or null. A highest value seen is a lower bound by its name: without ≥. */
function spreadOf(cell, quantity) {
  const spread = cell[quantity.key];
  return spread ? {...spread, at_least: spread.at_least && !quantity.isMostSeen} : null;
}

/** The points of a line that have this quantity. */
function pointsOf(line, quantity) {
  return line.points.flatMap((point) => {
    const spread = spreadOf(point.cell, quantity);
    return spread ? [{x: point.x, y: spread.median, spread, point}] : [];
  });
}

/** The targets that have figures at a level, each with its cell there. */
function cellsAt(model, level) {
  return model.targets.flatMap(
      (target) => target.cells.filter((cell) => cell.level === level).map((cell) => ({target, cell})));
}
