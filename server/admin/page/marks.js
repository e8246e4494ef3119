// Rows of marks: a cell for each thread, a dot for each request. Where there are too many, a mark stands for several.

const mostMarks = 400;

/** [number of marks from which on, their size, the gap between them], in rem. */
const cellSizes = [[0, 3.6, .4], [3, 2.2, .35], [17, 1.5, .3], [65, .95, .2], [161, .6, .14]];
const dotSizes = [[0, 1, .3], [91, .75, .2], [191, .56, .16]];

function setSize(row, sizes) {
  const [, size, gap] = sizes.findLast(([from]) => row.children.length >= from);
  row.style.setProperty('--size', `${size}rem`);
  row.style.setProperty('--gap', `${gap}rem`);
}

/** The number of threads or requests that a mark stands for. */
function scaleFor(count) { return Math.ceil(count / mostMarks) || 1; }

function tellScale(id, scale, what) {
  const place = byId(`${id}-scale`);
  place.hidden = scale === 1;
  place.textContent = `each mark stands for ${scale} ${what}`;
}

function drawDots(row, count, scale) {
  setChildren(row, Math.ceil(count / scale), 'i');
  for (const mark of row.children) mark.className = 'dot';
  setSize(row, dotSizes);
}

function showDots(id, count) {
  const scale = scaleFor(count);
  drawDots(byId(id), count, scale);
  tellScale(id, scale, 'requests');
}

/** A waiting room for each of several loops: what waits on one can't be served by another. */
function showLoops(loops) {
  const list = byId('loops');
  const scale = scaleFor(loops.reduce((sum, loop) => sum + loop.waiting, 0));
  setChildren(list, loops.length, 'li');
  loops.forEach((loop, index) => {
    const item = list.children[index];
    if (!item.firstChild) item.append(made('h3', {}), made('div', {className: 'dots waiting', ariaHidden: 'true'}));
    const [name, about] = [`Loop ${index + 1} `, `${shown(loop.waiting)} waiting, ${connectionsText(loop)}`];
    item.firstChild.textContent = name;
    item.firstChild.append(made('span', {textContent: about}));
    drawDots(item.lastChild, loop.waiting, scale);
  });
  tellScale('waiting', scale, 'requests');
}

/** What most of the threads do. */
function commonest(letters) {
  const counted = ['w', 'r', 'l', 't', 'i', '-'].map((letter) => [countOf(letters, letter), letter]);
  return counted.reduce((best, next) => next[0] > best[0] ? next : best)[1];
}

const looks = {
  'w': {name: 'cell w', word: 'blocked'},
  'r': {name: 'cell r', word: 'running'},
  'l': {name: 'cell l', word: 'on lock'},
  't': {name: 'cell t', word: 'tied'},
  'i': {name: 'cell i', word: 'idle'},
  '-': {name: 'cell gone', word: ''}
};

/** The largest number of threads whose cells have room for a word. */
const fewThreads = 2;

function showThreads(threads, name) {
  const row = byId('threads');
  const scale = scaleFor(threads.length);
  setChildren(row, Math.ceil(threads.length / scale), 'i');
  Array.from(row.children).forEach((cell, index) => {
    const {name: look, word} = looks[commonest(threads.slice(index * scale, (index + 1) * scale))];
    cell.className = look;
    if (threads.length <= fewThreads)
      cell.dataset.word = word;
    else
      delete cell.dataset.word;
  });
  setSize(row, cellSizes);
  tellScale('threads', scale, name);
}
