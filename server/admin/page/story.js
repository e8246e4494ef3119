// What is going on, in plain words.

function plural(count, one, many) { return `${shown(count)} ${count === 1 ? one : many}`; }

function countOf(threads, letter) { return threads.split(letter).length - 1; }

/** How many threads there are, and how many of them wait, run, want a lock and have nothing to do. */
function countThreads(frame) {
  const [held, running, locked, idle] = ['w', 'r', 'l', 'i'].map((letter) => countOf(frame.threads, letter));
  return {all: held + running + locked + idle, held, running, locked, idle};
}

/** "12 are held by requests that only wait, 1 runs, 3 are idle"; shorter where all do the same. */
function threadsAtWork({all, held, running, locked, idle}) {
  if (held === all) return all === 1 ? 'held by a request that only waits' : 'all held by requests that only wait';
  if (idle === all) return all === 1 ? 'idle' : 'all idle';
  const parts = [
    held && plural(held, 'is held by a request that only waits', 'are held by requests that only wait'),
    running && plural(running, 'runs', 'run'),
    locked && plural(locked, 'wants a lock that another has', 'want a lock that another has'),
    idle && plural(idle, 'is idle', 'are idle')
  ];
  return parts.filter(Boolean).join(', ');
}

/** Where requests hold their threads. */
function storyOfHeldThreads(frame) {
  const threads = countThreads(frame);
  const {queued} = frame.requests;
  if (threads.all === 0) return 'No thread now: there is no request that needs one.';
  const busy = `${plural(threads.all, 'thread', 'threads')}: ${threadsAtWork(threads)}.`;
  if (queued === 0) return busy;
  return `${busy} ${plural(queued, 'request queues', 'requests queue')} until a thread is free.`;
}

/** From so many milliseconds on a loop that is late is worth a word: what comes meanwhile is not seen to wait. */
const muchLag = 50;

/** Where they let go of them. */
function storyOfFreeThreads(frame) {
  const threads = plural(countThreads(frame).all, 'thread', 'threads');
  const {waiting, in_flight: inFlight} = frame.requests;
  const lag = frame.last_second.loop_lag_ms;
  if (lag >= muchLag) {
    return `${threads}, busy: it got to its events up to ${shown(Math.round(lag))} ms late. ` +
        'Whoever waits for it meanwhile is not seen here.';
  }
  if (inFlight === 0) return `${threads}, with nothing to do.`;
  if (waiting === 0) return `${threads}. No request waits for the backend.`;
  return `${threads}. ${plural(waiting, 'request waits', 'requests wait')} without holding a thread.`;
}

function storyOfRejected(frame) {
  const rejected = Math.round(frame.last_second.rejected_per_second);
  return rejected > 0 ? ` There is no room for more: ${shown(rejected)} a second are turned away.` : '';
}

function storyOf(frame) {
  return (frame.holds_threads ? storyOfHeldThreads(frame) : storyOfFreeThreads(frame)) + storyOfRejected(frame);
}

/** What is always so under this strategy. */
function moralOf(frame) {
  return frame.holds_threads ? 'A request that waits keeps its thread: nobody else can use it meanwhile.' :
                               'A request that waits lets go of its thread, which serves others meanwhile.';
}

function threadsNote({held, running, locked, idle}) {
  const onLocks = locked ? `, ${shown(locked)} on a lock` : '';
  return `${shown(held)} held, ${shown(running)} running${onLocks}, ${shown(idle)} idle`;
}

function waitingRoomNote(frame) {
  if (frame.holds_threads) return 'Nobody is ever here: a request that waits keeps its thread.';
  return frame.requests.waiting ? 'They wait for the backend, and hold no thread.' : 'Nobody waits for the backend.';
}

function leavingText(leaving) {
  return leaving
      .map((one) => `${one.strategy} is leaving: ${plural(one.in_flight, 'request', 'requests')} still to be answered.`)
      .join(' ');
}
