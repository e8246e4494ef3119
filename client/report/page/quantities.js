// What is measured of a target under a level of load: the client's table of figures, which it writes into the page.

const numberTexts = {
  time: timeText,
  count: countText,
  number: digits
};

const quantities = JSON.parse(document.getElementById('table-of-figures').textContent)
                       .map((figure) => ({...figure, text: numberTexts[figure.form]}));

const percentiles = quantities.filter((quantity) => quantity.isPercentile);

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
