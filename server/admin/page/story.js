// What the server is doing, in words.

function plural(count, one, many) { return `${shown(count)} ${count === 1 ? one : many}`; }

function countOf(threads, letter) { return threads.split(letter).length - 1; }

/** What a letter of a frame's threads means, in the order in which it is told. */
const doings = [
  {letter: 'w', does: 'blocked by a waiting request', do: 'blocked by waiting requests', note: 'blocked', always: true},
  {letter: 'r', does: 'running', do: 'running', note: 'running', always: true},
  {letter: 'l', does: 'waiting for a lock', do: 'waiting for a lock', note: 'waiting for a lock'},
  {letter: 't', does: 'tied to an idle connection', do: 'tied to idle connections', note: 'tied to idle connections'},
  {letter: 'i', does: 'idle', do: 'idle', note: 'idle', always: true},
];

/** The number of threads, and of those that do each of these things. */
function countThreads(frame) {
  const doing = doings.map((one) => ({...one, count: countOf(frame.threads, one.letter)}));
  return {all: doing.reduce((sum, {count}) => sum + count, 0), doing};
}

/** "thread" or "process": what a request is served by. */
function workerOf({worker}) { return worker === 'process' ? 'process' : 'thread'; }

function workersOf(facts) { return facts.worker === 'process' ? 'processes' : 'threads'; }

/** "12 are blocked by waiting requests, 1 is running, 3 are idle"; shorter where all do the same. */
function threadsAtWork({all, doing}) {
  const parts = doing.filter(({count}) => count > 0);
  if (parts.length === 1) return all === 1 ? parts[0].does : `all ${parts[0].do}`;
  return parts.map((part) => plural(part.count, `is ${part.does}`, `are ${part.do}`)).join(', ');
}

/** What a queued request waits for. */
function awaitedOf(facts) { return facts.worker === 'process' ? 'a process' : 'a free thread'; }

function queuedText({requests: {queued}, facts}) {
  return queued ? ` ${plural(queued, 'request is', 'requests are')} queued for ${awaitedOf(facts)}.` : '';
}

/** Where waiting requests keep their threads. */
function storyOfHeldThreads(frame) {
  const threads = countThreads(frame);
  const [one, many] = [workerOf(frame.facts), workersOf(frame.facts)];
  if (threads.all === 0) {
    return frame.facts.holds_when_idle ? `No ${many}: no connection is open.` : `No ${many}: no request needs one.`;
  }
  return `${plural(threads.all, one, many)}: ${threadsAtWork(threads)}.${queuedText(frame)}`;
}

/** The event-loop lag in milliseconds from which on it is reported: requests that arrive meanwhile are not yet seen. */
const muchLag = 50;

/** "1 thread", "2 loops, a thread each", "1 loop, and a pool of 4 threads: 1 is running, 3 are idle". */
function loopsText(frame) {
  const loops = frame.loops.length;
  if (frame.facts.pool) {
    const inPool =
        frame.loops.reduce((letters, {thread}) => letters.slice(0, thread) + letters.slice(thread + 1), frame.threads);
    const pool = countThreads({threads: inPool});
    return `1 loop, and a pool of ${plural(pool.all, 'thread', 'threads')}: ${threadsAtWork(pool)}`;
  }
  return loops > 1 ? `${loops} loops, a thread each` : plural(countThreads(frame).all, 'thread', 'threads');
}

/** Where they release them. */
function storyOfFreeThreads(frame) {
  const loops = loopsText(frame);
  const {waiting, in_flight: inFlight} = frame.requests;
  const lag = frame.last_second.loop_lag_ms;
  if (lag >= muchLag) {
    return frame.loops.length > 1 ?
        `A loop's only thread has been busy for about ${lagText(lag)}: all other requests of that loop wait for it.` :
        `The loop's only thread has been busy for about ${lagText(lag)}: every other request waits for it.`;
  }
  if (inFlight === 0) return `${loops}${frame.facts.pool ? '' : ', idle'}.`;
  const waits = waiting === 0 ? 'No request waits for the backend.' :
                                `${plural(waiting, 'request waits', 'requests wait')} without blocking a thread.`;
  return `${loops}. ${waits}${queuedText(frame)}`;
}

/** "3 connections" */
function connectionsText({connections}) { return plural(connections, 'connection', 'connections'); }

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
function moralOf({facts, loops}) {
  if (facts.holds_when_idle) return 'A connection keeps its thread, between requests too: an idle one holds a thread.';
  if (facts.worker === 'process') {
    return 'A waiting request keeps its process, and that process its own memory: what one of them writes, no other sees.';
  }
  if (facts.holds_worker) return 'A waiting request keeps its thread: no other request can use it meanwhile.';
  const moral = 'A waiting request releases its thread, which serves others meanwhile.';
  if (facts.pool) return `${moral} CPU work and files keep a thread of the pool.`;
  return loops.length > 1 ? `${moral} A connection stays on its loop, however idle another is.` : moral;
}

/** As many ids of processes as are read at a glance. */
const fewIds = 6;

function idsText(processes) {
  if (processes.length === 0) return '';
  const more = processes.length > fewIds ? ' …' : '';
  return ` (${processes.length === 1 ? 'id' : 'ids'} ${processes.slice(0, fewIds).join(', ')}${more})`;
}

function threadsNote({doing}, processes) {
  const does = doing.filter(({count, always}) => always || count > 0)
                   .map(({count, note}) => `${shown(count)} ${note}`)
                   .join(', ');
  return does + idsText(processes);
}

function waitingRoomNote(frame) {
  if (frame.facts.holds_worker) return `Always empty: here a waiting request keeps its ${workerOf(frame.facts)}.`;
  return frame.requests.waiting ? 'Waiting for the backend or a lock; no thread is blocked.' :
                                  'No request waits for the backend.';
}

function leavingText(leaving) {
  return leaving.map((one) => `${one.strategy} is draining: ${plural(one.in_flight, 'request', 'requests')} left.`)
      .join(' ');
}

/** "Deadlock 3 s ago: a→b→a. The youngest transfer in it gave way. 2 deadlocks so far." */
function deadlocksText({deadlocks_total: total, last_deadlock: last}) {
  if (!last) return '';
  return `Deadlock ${agoText(last.ago_seconds)}: ${last.cycle}. The youngest transfer in it gave way. ` +
      `${plural(total, 'deadlock', 'deadlocks')} so far.`;
}

function agoText(seconds) {
  return seconds < 120 ? `${Math.round(seconds)} s ago` : `${Math.round(seconds / 60)} min ago`;
}
