// What is measured of a target under a level of load: the key in a result, and how it is told.

function percentileQuantity(key, name, meaning) {
  return {key, name, title: `${name}: ${meaning}`, unit: '', text: timeText, isOfGoodAnswers: true};
}

const quantities = {
  p50: percentileQuantity('p50_ms', 'p50', 'half of the good answers were faster'),
  p90: percentileQuantity('p90_ms', 'p90', 'nine in ten good answers were faster'),
  p99: percentileQuantity('p99_ms', 'p99', 'all but one in a hundred good answers were faster'),
  p999: percentileQuantity('p999_ms', 'p99.9', 'all but one in a thousand good answers were faster'),
  good: {key: 'good_per_s', name: 'Answered well', unit: 'good answers per second', text: countText},
  achieved: {key: 'achieved_per_s', name: 'Responses', unit: 'per second, errors included', text: countText},
  errors: {key: 'errors_percent', name: 'Errors', unit: '%', text: digits},
  threads: {key: 'peak_threads', name: 'Threads', unit: 'most at once', text: countText},
  memory: {key: 'peak_rss_mib', name: 'Memory', unit: 'RSS at its peak, MiB', text: digits},
  waiting: {
    key: 'kib_per_waiting_request',
    name: 'Memory per waiting request',
    unit: 'KiB above idle, for each in flight',
    text: digits
  },
  cpu: {key: 'cpu_us_per_request', name: 'CPU time', unit: 'µs for each request', text: digits},
  switches: {key: 'switches_per_request', name: 'Context switches', unit: 'for each request', text: digits},
  inFlight: {
    key: 'peak_in_flight',
    name: 'In flight',
    unit: 'most seen in the server at once',
    text: countText,
    isMostSeen: true
  },
  queued: {
    key: 'peak_queued',
    name: 'Queued',
    unit: 'most seen queued in the server at once',
    text: countText,
    isMostSeen: true
  },
  rejected: {key: 'rejected_per_s', name: 'Rejected', unit: 'turned away per second', text: digits},
};

/** The parts of a response time in the order a request goes through them; null is what is not known of one. */
const parts = [
  {name: 'waiting in the client', of: (split) => split.client_queue},
  {name: 'connecting', of: (split) => split.connect},
  {name: 'queued in the server', of: (split) => split.server_queue},
  {name: 'held by the backend', of: (split) => split.backend_hold ?? null},
  {name: 'in the backend’s queue, or answered by it but the server had not got to it', of: unreadPart},
  {name: 'waiting for the backend', of: (split) => (isNumber(split.backend_hold) ? null : split.backend)},
  {name: 'the server’s own work', of: (split) => split.handler},
  {name: 'network, and in the kernels until somebody reads it', of: (split) => split.transfer},
];

/** What is left of the wait for the backend beside its hold. */
function unreadPart({backend, backend_hold: hold}) { return isNumber(hold) ? Math.max(0, backend - hold) : null; }
