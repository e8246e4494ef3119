// The page: each frame is shown as it comes, unless it is paused.

const figures = {
  rate: (frame) => frame.last_second.answered_per_second,
  p50: (frame) => frame.last_second.p50_ms,
  p99: (frame) => frame.last_second.p99_ms,
  lag: (frame) => frame.last_second.loop_lag_ms,
  cpu: (frame) => frame.last_second.cpus === null ? null : 100 * frame.last_second.cpus,
  memory: (frame) => frame.rss_bytes / 1048576,
};

/** Three digits are enough for something that moves. */
function shortNumber(value) {
  if (value === null) return '–';
  return value.toLocaleString('en', {maximumFractionDigits: value < 10 ? 1 : 0});
}

function showFigures(frame, history) {
  for (const [name, read] of Object.entries(figures)) {
    byId(name).textContent = shortNumber(read(frame));
    drawLine(`${name}-line`, history, read);
  }
  byId('lag-figure').hidden = figures.lag(frame) === null;
}

function showRoom(id, count, note) {
  byId(`${id}-count`).textContent = shown(count);
  byId(`${id}-note`).textContent = note;
  byId(`${id}-room`).classList.toggle('unused', count === 0);
}

function showStage(frame) {
  const {queued, waiting} = frame.requests;
  const threads = countThreads(frame);
  const suspended = frame.facts.holds_worker ? 0 : Math.max(waiting - countOf(frame.threads, 'w'), 0);
  showDots('queue', queued);
  showThreads(frame.threads, workersOf(frame.facts));
  const hasLanes = frame.loops.length > 1;
  byId('waiting').hidden = hasLanes;
  byId('loops').hidden = !hasLanes;
  hasLanes ? showLoops(frame.loops) : showDots('waiting', suspended);
  const worker = workerOf(frame.facts);
  byId('memory-of').textContent = worker === 'process' ? ' without processes' : '';
  byId('threads-name').textContent = worker === 'process' ? 'Processes' : 'Threads';
  for (const word of document.querySelectorAll('.worker')) word.textContent = worker;
  showRoom(
      'queue', queued, queued ? `Waiting for ${awaitedOf(frame.facts)}.` : `Empty: no request waits for a ${worker}.`);
  showRoom('threads', threads.all, threadsNote(threads, frame.processes));
  showRoom('waiting', suspended, waitingRoomNote(frame));
}

function showWords(frame) {
  document.title = `${frame.strategy} · waitlab live`;
  byId('strategy').textContent = frame.strategy;
  byId('description').textContent = frame.description;
  byId('story').textContent = storyOf(frame);
  byId('moral').textContent = moralOf(frame);
  byId('leaving').textContent = leavingText(frame.leaving);
  byId('leaving').hidden = frame.leaving.length === 0;
  byId('deadlocks').textContent = deadlocksText(frame.accounts);
  byId('deadlocks').hidden = frame.accounts.deadlocks_total === 0;
}

/** For screen readers: only what is worth an interruption. */
function announce(text) {
  if (byId('announcer').textContent !== text) byId('announcer').textContent = text;
}

const history = new History();
const pause = byId('pause');

function isPaused() { return pause.getAttribute('aria-pressed') === 'true'; }

function show(frame) {
  history.add(performance.now(), frame);
  if (isPaused()) return;
  announce(`The strategy is ${frame.strategy}: ${frame.description}`);
  showWords(frame);
  showStage(frame);
  showFigures(frame, history);
  drawCourse(history);
}

function showLink(state) {
  if (byId('link').dataset.link === state) return;
  byId('link').dataset.link = state;
  byId('link').textContent = state === 'live' ? 'live' : 'disconnected; retrying';
  if (state === 'lost') announce('Connection to the server lost.');
}

pause.addEventListener('click', () => {
  pause.setAttribute('aria-pressed', String(!isPaused()));
  pause.textContent = isPaused() ? 'Resume' : 'Pause';
});

new Feed(show, showLink);
