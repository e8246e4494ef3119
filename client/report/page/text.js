// How numbers are written for people.

/** About three digits: 1234, 123, 12.3, 1.23. */
function digits(value) {
  const size = Math.abs(value);
  if (size === 0) return '0';
  const text = value.toFixed(size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.0995 ? 2 : 4);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function timeText(milliseconds) {
  if (milliseconds === 0) return '0';
  if (Math.abs(milliseconds) < 0.9995) return `${digits(milliseconds * 1e3)} µs`;
  if (Math.abs(milliseconds) < 999.5) return `${digits(milliseconds)} ms`;
  return `${digits(milliseconds / 1e3)} s`;
}

function percentText(percent) { return `${digits(percent)}\u00a0%`; }

function countText(value) { return value >= 10 ? String(Math.round(value)) : digits(value); }

function percentileText(percent) { return `p${Number(percent.toFixed(4))}`; }

function counted(number, noun) { return `${number} ${noun}${number === 1 ? '' : 's'}`; }

/** "a", "a and b", "a, b and c". */
function listed(words) {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}

/** The texts that are there, one after another. */
function joined(separator, texts) { return texts.filter((text) => text !== null).join(separator); }

/** The median of a spread: "≥ 5 s" where only the least is known, "–" where nothing is. */
function medianText(spread, text) { return spread ? (spread.at_least ? '≥ ' : '') + text(spread.median) : '–'; }

/** "229 – 241 ms", or nothing where the repeats agree. */
function rangeText(spread, text) {
  if (!spread || text(spread.min) === text(spread.max)) return '';
  const [low, unit] = text(spread.min).split(' ');
  const high = text(spread.max);
  return unit && !high.endsWith(` ${unit}`) ? `${low} ${unit} – ${high}` : `${low} – ${high}`;
}
