// How numbers are written for people.

/** About three digits: 1234, 123, 12.3, 1.23. */
function digits(value) {
  const size = Math.abs(value);
  if (size === 0) return '0';
  const text = value.toFixed(size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.0995 ? 2 : 4);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** A time as the client writes it (`short_time`): "1.23 ms", "50 µs"; half a digit rounds up. 0 has no unit. */
function timeText(milliseconds) {
  if (milliseconds === 0) return '0';
  const nanoseconds = Math.round(milliseconds * 1e6);
  const rounded = (unit, decimals) => Math.round(nanoseconds / (unit / 10 ** decimals)) / 10 ** decimals;
  for (const [size, unit] of [[1, 'ns'], [1e3, 'µs'], [1e6, 'ms']]) {
    const value = nanoseconds / size;
    if (value < 999.5) return `${rounded(size, value < 9.995 ? 2 : value < 99.95 ? 1 : 0)} ${unit}`;
  }
  const decimals = nanoseconds < 100e9 ? 2 : 0;
  return `${rounded(1e9, decimals).toFixed(decimals)} s`;
}

function percentText(percent) { return `${digits(percent)}\u00a0%`; }

function countText(value) { return value >= 10 ? String(Math.round(value)) : digits(value); }

function percentileText(percent) { return `p${Number(percent.toFixed(4))}`; }

function counted(number, noun) { return `${number} ${noun}${number === 1 ? '' : 's'}`; }

/** "a", "a and b", "a, b and c". */
function listed(words) {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}

/** The texts that are not null, joined. */
function joined(separator, texts) { return texts.filter((text) => text !== null).join(separator); }

/** The median of a spread: "≥ 5.00 s" for a lower bound, "–" for none. */
function medianText(spread, text) { return spread ? (spread.at_least ? '≥ ' : '') + text(spread.median) : '–'; }

/** "229 – 241 ms", or nothing where the repeats agree. */
function rangeText(spread, text) {
  if (!spread || text(spread.min) === text(spread.max)) return '';
  const [low, unit] = text(spread.min).split(' ');
  const high = text(spread.max);
  return unit && !high.endsWith(` ${unit}`) ? `${low} ${unit} – ${high}` : `${low} – ${high}`;
}
