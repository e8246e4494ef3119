// What the server is doing, in words.

function plural(count, one, many) { return `${shown(count)} ${count === 1 ? one : many}`; }

function countOf(threads, letter) { return threads.split(letter).length - 1; }

/** The number of threads, and of those that are blocked by a waiting request, running, waiting for a lock, and idle. */
function countThreads(frame) {
  const [held, running, locked, idle] = ['w', 'r', 'l', 'i'].map((letter) => countOf(frame.threads, letter));
  return {all: held + running + locked + idle, held, running, locked, idle};
}

/** "12 are blocked by waiting requests, 1 is running, 3 are idle"; shorter where all do the same. */
function threadsAtWork({all, held, running, locked, idle}) {
  if (held === all) return all === 1 ? 'blocked by a waiting request' : 'all blocked by waiting requests';
  if (idle === all) return all === 1 ? 'idle' : 'all idle';
  const parts = [
    held && plural(held, 'is blocked by a waiting request', 'are blocked by waiting requests'),
    running && plural(running, 'is running', 'are running'),
    locked && plural(locked, 'is waiting for a lock', 'are waiting for a lock'),
    idle && plural(idle, 'is idle', 'are idle')
  ];
  return parts.filter(Boolean).join(', ');
}

/** Where waiting requests keep their threads. */
function storyOfHeldThreads(frame) {
  const threads = countThreads(frame);
  const {queued} = frame.requests;
  if (threads.all === 0) return 'No threads: no request needs one.';
  const busy = `${plural(threads.all, 'thread', 'threads')}: ${threadsAtWork(threads)}.`;
  if (queued === 0) return busy;
  return `${busy} ${plural(queued, 'request is', 'requests are')} queued for a free thread.`;
}

/** The event-loop lag in milliseconds from which on it is reported: requests that arrive meanwhile are not yet seen. */
const muchLag = 50;

/** Where they release them. */
function storyOfFreeThreads(frame) {
  const threads = plural(countThreads(frame).all, 'thread', 'threads');
  const {waiting, in_flight: inFlight} = frame.requests;
  const lag = frame.last_second.loop_lag_ms;
  if (lag >= muchLag) {
    return `The loop's only thread has been busy for about ${lagText(lag)}: every other request waits for it.`;
  }
  if (inFlight === 0) return `${threads}, idle.`;
  if (waiting === 0) return `${threads}. No request waits for the backend.`;
  return `${threads}. ${plural(waiting, 'request waits', 'requests wait')} without blocking a thread.`;
}

/** "984 ms", "2.1 s". */
function lagText(ms) { return ms < 999.5 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`; }

function storyOfRejected(frame) {
  const rejected = Math.round(frame.last_second.rejected_per_second);
  return rejected > 0 ? ` Overloaded: ${shown(rejected)} requests/s are rejected.` : '';
}

function storyOf(frame) {
  return (frame.facts.holds_worker ? storyOfHeldThreads(frame) : storyOfFreeThreads(frame)) + storyOfRejected(frame);
}

/** What always holds under this strategy. */
function moralOf(frame) {
  return frame.facts.holds_worker ? 'A waiting request keeps its thread: no other request can use it meanwhile.' :
                                    'A waiting request releases its thread, which serves others meanwhile.';
}

function threadsNote({held, running, locked, idle}) {
  const onLocks = locked ? `, ${shown(locked)} waiting for a lock` : '';
  return `${shown(held)} blocked, ${shown(running)} running${onLocks}, ${shown(idle)} idle`;
}

function waitingRoomNote(frame) {
  if (frame.facts.holds_worker) return 'Always empty: here a waiting request keeps its thread.';
  return frame.requests.waiting ? 'Waiting for the backend; no thread is blocked.' :
                                  'No request waits for the backend.';
}

function leavingText(leaving) {
  return leaving.map((one) => `${one.strategy} is draining: ${plural(one.in_flight, 'request', 'requests')} left.`)
      .join(' ');
}
