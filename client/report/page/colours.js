// Colours, shapes and dashes. Lines differ in all of them, so that none is known by its colour alone.

/** Okabe and Ito's colours for all kinds of colour vision, darker on light paper for contrast. */
const palette = {
  light: ['#0067a5', '#c24400', '#007a5a', '#9a3f86', '#8a6200', '#2f2f8f', '#5c5c5c'],
  dark: ['#5bb8ee', '#ff8a4c', '#2ecf9f', '#e795c8', '#e8c33a', '#a9a5ff', '#c4c4c4'],
};
/** For the parts of a response time: waiting, queueing and running as among the threads. */
const partColours = {
  light: ['#7f8a96', '#7a4fb5', '#c24400', '#b07800', '#b0307a', '#b07800', '#0067a5', '#007a5a'],
  dark: ['#8e9aa7', '#b592ea', '#ff8a4c', '#f0bd3c', '#f58ac5', '#f0bd3c', '#5bb8ee', '#2ecf9f'],
};
/** Their number differs from that of the colours, so that both together distinguish many lines. */
const shapes = ['circle', 'rect', 'triangle', 'rectRot', 'cross'];
const dashes = [[], [7, 4], [2, 3], [10, 3, 2, 3]];

/**
 * Gives a line its look: by what it is a line of, and the dashes by which variant of that. Lines that lie on each
 * other differ in width, so that the lower ones still show as rims.
 */
function withStyle(line, index, lines) {
  const kinds = [...new Set(lines.map((other) => other.colourOf))];
  const kind = kinds.indexOf(line.colourOf);
  return {
    ...line,
    colour: kind % palette.light.length,
    shape: shapes[kind % shapes.length],
    dash: dashes[line.variant % dashes.length],
    rim: 1.4 * (index % 3)
  };
}

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  if (isOnPaper) return false;
  return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}

function lineColour(line) { return palette[isDark() ? 'dark' : 'light'][line.colour]; }

function partColour(index) { return partColours[isDark() ? 'dark' : 'light'][index]; }

/** A colour of the style sheet by its name, as a canvas understands it. */
function pageColour(name) {
  const probe = element('span');
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}
