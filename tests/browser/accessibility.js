// The rules of accessibility that a machine can check, after axe-core and WCAG 2.2 AA. Returns what is broken, a line
// each. To be run in a page by accessibility.py.

const faults = [];
const all = (css) => [...document.querySelectorAll(css)];
const isShown = (element) => element.checkVisibility({visibilityProperty: true, opacityProperty: true});
const nameOf = (element) => {
  const label = element.getAttribute('aria-label') ??
      (element.getAttribute('aria-labelledby') ?? '')
          .split(' ')
          .map((id) => document.getElementById(id)?.textContent)
          .join(' ');
  return (label || element.labels?.[0]?.textContent || element.textContent || element.title || '').trim();
};
const describe = (element) => `${element.tagName.toLowerCase()}${element.id ? `#${element.id}` : ''} "${
    (element.textContent ?? '').trim().slice(0, 40)}"`;
const expect = (right, element, what) => {
  if (!right) faults.push(`${describe(element)}: ${what}`);
};

function checkDocument() {
  expect(document.documentElement.lang !== '', document.documentElement, 'has no language');
  expect(document.title.trim() !== '', document.head, 'has no title');
  for (const name of ['main', 'header', 'h1']) {
    if (all(name).length !== 1) faults.push(`there are ${all(name).length} ${name}`);
  }
}

function checkHeadings() {
  let last = 0;
  for (const heading of all('h1, h2, h3, h4, h5, h6').filter(isShown)) {
    const level = Number(heading.tagName[1]);
    expect(level <= last + 1, heading, `skips from level ${last} to ${level}`);
    expect(nameOf(heading) !== '', heading, 'is empty');
    last = level;
  }
}

function checkIds() {
  const ids = all('[id]').map((element) => element.id);
  for (const id of ids.filter((one, index) => ids.indexOf(one) !== index)) faults.push(`the id ${id} is there twice`);
  for (const attribute of ['aria-labelledby', 'aria-describedby', 'aria-controls', 'for']) {
    for (const element of all(`[${attribute}]`)) {
      const missing = element.getAttribute(attribute).split(' ').filter((id) => !document.getElementById(id));
      expect(missing.length === 0, element, `${attribute} names what is not there: ${missing}`);
    }
  }
}

function checkNames() {
  for (const element of all('a[href], button, input, select, textarea, summary, [role], section, [tabindex="0"]')) {
    expect(nameOf(element) !== '', element, 'has no name');
  }
  for (const picture of all('img, svg, canvas')) {
    const hidden = picture.closest('[aria-hidden="true"]') !== null;
    const named =
        picture.getAttribute('aria-label') || picture.getAttribute('alt') || picture.getAttribute('aria-labelledby');
    expect(
        hidden || (named && (picture.tagName === 'IMG' || picture.getAttribute('role') === 'img')), picture,
        'is a picture without role and name');
  }
}

function checkValues() {
  const allowed = {
    'aria-pressed': ['true', 'false'],
    'aria-expanded': ['true', 'false'],
    'aria-hidden': ['true'],
    'aria-sort': ['ascending', 'descending', 'none'],
    'aria-live': ['polite', 'off', 'assertive'],
  };
  for (const [attribute, values] of Object.entries(allowed)) {
    for (const element of all(`[${attribute}]`)) {
      expect(values.includes(element.getAttribute(attribute)), element, `${attribute} has no such value`);
    }
  }
  for (const element of all('[tabindex]')) expect(element.tabIndex <= 0, element, 'changes the order of Tab');
  for (const element of all('[aria-hidden="true"]')) {
    expect(
        !element.matches('a, button, select') && !element.querySelector('a, button, select'), element,
        'hides a control');
  }
}

function checkTables() {
  for (const table of all('table')) {
    expect(table.querySelector('thead th') !== null, table, 'has no headings');
    for (const heading of table.querySelectorAll('th')) {
      expect(['col', 'row', 'colgroup', 'rowgroup'].includes(heading.scope), heading, 'has no scope');
    }
    const columns = table.querySelectorAll('thead th').length;
    for (const row of table.querySelectorAll('tbody tr'))
      expect(row.cells.length === columns, row, `has not ${columns} cells`);
  }
}

/** What scrolls must be reached by the keyboard. */
function checkScrolling() {
  for (const element of all('body *').filter(isShown)) {
    const scrolls =
        /auto|scroll/.test(getComputedStyle(element).overflowX) && element.scrollWidth > element.clientWidth + 1;
    expect(
        !scrolls || element.tabIndex === 0 || element.querySelector('a, button'), element, 'scrolls, but not by keys');
  }
}

function checkTargets() {
  for (const element of all('button, select, summary').filter(isShown)) {
    const {width, height} = element.getBoundingClientRect();
    expect(
        width >= 24 && height >= 20, element, `is small to hit: ${Math.round(width)} by ${Math.round(height)} pixels`);
  }
}

/** Any CSS colour as red, green, blue and alpha from 0 to 1. */
function channels(colour) {
  const context = (channels.context ??= new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true}));
  context.clearRect(0, 0, 1, 1);
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data].map((value) => value / 255);
}

function luminance(rgb) {
  const [red, green, blue] = rgb.map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one, other) {
  const [light, dark] = [luminance(channels(one)), luminance(channels(other))].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

/** The first background around an element that can't be seen through. */
function backgroundOf(element) {
  for (let around = element; around; around = around.parentElement) {
    const colour = getComputedStyle(around).backgroundColor;
    if (channels(colour)[3] > 0.99) return colour;
  }
  return 'white';
}

function checkContrast() {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (walker.currentNode.data.trim() === '' || !isShown(element) || element.closest('script, style, noscript'))
      continue;
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const least = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    const found = contrast(style.color, backgroundOf(element));
    expect(found >= least, element, `has a contrast of ${found.toFixed(2)}, not ${least}`);
  }
}

/** Lines and areas of charts against the paper beneath them, if the page has Chart.js. */
function checkCharts() {
  if (typeof Chart === 'undefined') return;
  for (const canvas of all('canvas')) {
    for (const {label, borderColor, backgroundColor, type} of Chart.getChart(canvas)?.data.datasets ?? []) {
      const colour = Chart.getChart(canvas).config.type === 'bar' ? backgroundColor : borderColor;
      const found = contrast(colour, backgroundOf(canvas));
      expect(found >= 3, canvas, `${label} has a contrast of ${found.toFixed(2)}, not 3`);
    }
  }
}

for (const check
         of [checkDocument, checkHeadings, checkIds, checkNames, checkValues, checkTables, checkScrolling, checkTargets,
             checkContrast, checkCharts]) {
  check();
}
return faults;
