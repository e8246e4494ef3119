// The last minute: lines below the figures, and the requests in the server over time.

const longestMs = 60000;
const shortestMs = 10000;
const width = 300;

/** Frames of the last minute with the time they came at, the oldest first. */
class History {
  constructor() { this.moments = []; }

  add(at, frame) {
    this.moments.push({at, frame});
    while (at - this.moments[0].at > longestMs) this.moments.shift();
  }

  /** The time span that is drawn: never so short that the first seconds are magnified. */
  length() { return Math.max(this.moments.at(-1).at - this.moments[0].at, shortestMs); }

  /** Where a moment lies from left to right. */
  x(moment) { return width - (this.moments.at(-1).at - moment.at) * width / this.length(); }

  /** The moments at which another strategy took over. */
  switches() {
    return this.moments.filter(
        ({frame}, index) => index > 0 && frame.strategy !== this.moments[index - 1].frame.strategy);
  }
}

function coordinates(x, y) { return `${x.toFixed(1)} ${y.toFixed(1)}`; }

/** Draws the value that `read` returns of each frame; a gap where it is null. */
function drawLine(id, history, read) {
  const values = history.moments.map(({frame}) => read(frame));
  const top = Math.max(...values.filter((value) => value !== null), 0) || 1;
  let path = '';
  let draws = false;
  history.moments.forEach((moment, index) => {
    if (values[index] !== null)
      path += (draws ? 'L' : 'M') + coordinates(history.x(moment), 38 - 36 * values[index] / top);
    draws = values[index] !== null;
  });
  byId(id).setAttribute('d', path);
}

/** The next round number, not much above. */
function roundUp(value) {
  const unit = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((factor) => factor * unit >= value) * unit;
}

const layers = {
  waiting: (frame) => frame.requests.waiting,
  running: (frame) => frame.requests.running,
  queued: (frame) => frame.requests.queued,
  leaving: (frame) => frame.leaving.reduce((sum, strategy) => sum + strategy.in_flight, 0),
};

function drawCourse(history) {
  const stacked = history.moments.map(({frame}) => {
    let sum = 0;
    return [0, ...Object.values(layers).map((read) => sum += read(frame))];
  });
  const top = roundUp(Math.max(...stacked.map((sums) => sums.at(-1))));
  const edge = (layer) =>
      history.moments.map((moment, index) => coordinates(history.x(moment), 100 - 100 * stacked[index][layer] / top));
  Object.keys(layers).forEach((name, layer) => {
    const outline = [...edge(layer + 1), ...edge(layer).reverse()];
    byId(`area-${name}`).setAttribute('d', `M${outline.join('L')}Z`);
  });
  byId('of-leaving').hidden = !history.moments.some(({frame}) => frame.leaving.length);
  byId('course-top').textContent = shown(top);
  byId('course-begin').textContent = `${Math.round(history.length() / 1000)} s ago`;
  drawSwitches(history);
}

function drawSwitches(history) {
  const switches = history.switches();
  const lines = switches.map((moment) => `M${coordinates(history.x(moment), 0)}V100`);
  byId('switches').setAttribute('d', lines.join(''));
  const names = byId('switch-names');
  setChildren(names, switches.length, 'span');
  switches.forEach((moment, index) => {
    names.children[index].textContent = `to ${moment.frame.strategy} `;
    names.children[index].style.left = `${100 * history.x(moment) / width}%`;
  });
}
