// What is measured of a target under a level of load: the key in a result, and how it is told.

const quantities = {
  p50: {key: 'p50_ms', name: 'p50', title: 'p50: half of the requests were faster', unit: '', text: timeText},
  p90: {key: 'p90_ms', name: 'p90', title: 'p90: nine in ten requests were faster', unit: '', text: timeText},
  p99: {
    key: 'p99_ms',
    name: 'p99',
    title: 'p99: all but one in a hundred requests were faster',
    unit: '',
    text: timeText
  },
  p999:
      {key: 'p999_ms', name: 'p99.9', title: 'p99.9: all but one in a thousand were faster', unit: '', text: timeText},
  achieved: {key: 'achieved_per_s', name: 'Achieved rate', unit: 'responses per second', text: countText},
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

/** The parts of a response time in the order a request goes through them. */
const parts = [
  {key: 'client_queue', name: 'waiting in the client'},
  {key: 'connect', name: 'connecting'},
  {key: 'server_queue', name: 'queued in the server'},
  {key: 'backend', name: 'held by the backend'},
  {key: 'handler', name: 'the server’s own work'},
  {key: 'transfer', name: 'on the way'},
];
