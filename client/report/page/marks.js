// What Chart.js does not draw by itself: the spread over repeats, and lines that mark a place on the axis.

/** Draws at each point of a chart that has a spread: `draw(chart, colour, point, spread)`. */
function atSpreads(chart, draw) {
  chart.data.datasets.forEach((dataset, index) => {
    const points = chart.getDatasetMeta(index).data;
    dataset.data.forEach(({spread}, place) => {
      if (spread) draw(chart, dataset.borderColor, points[place], spread);
    });
  });
}

/** A whisker from the lowest to the highest repeat of each point that has them. */
const whiskers = {
  id: 'whiskers',
  afterDatasetsDraw(chart) { atSpreads(chart, drawWhisker); },
};

/** An arrow upwards from each point that is a lower bound. */
const arrows = {
  id: 'arrows',
  afterDatasetsDraw(chart) { atSpreads(chart, drawArrow); },
};

function drawWhisker(chart, colour, point, spread) {
  if (spread.min === spread.max) return;
  const {ctx, scales, chartArea} = chart;
  const inside = (pixel) => Math.min(Math.max(pixel, chartArea.top), chartArea.bottom);
  const ends = [spread.min, spread.max].map((value) => inside(scales.y.getPixelForValue(value)));
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  ctx.moveTo(point.x, ends[0]);
  ctx.lineTo(point.x, ends[1]);
  for (const end of ends) {
    ctx.moveTo(point.x - 4, end);
    ctx.lineTo(point.x + 4, end);
  }
  ctx.stroke();
  ctx.restore();
}

function drawArrow({ctx}, colour, {x, y}, spread) {
  if (!spread.at_least) return;
  const [tail, tip] = [y - 7, y - 20];
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.lineWidth = 2;
  ctx.stroke(new Path2D(`M${x} ${tail}V${tip}M${x - 4} ${tip + 5}L${x} ${tip}L${x + 4} ${tip + 5}`));
  ctx.restore();
}

/**
 * A labelled line upwards at each `{ x, label }` of the option `places`, and across at each `{ y, label }` of
 * `heights`.
 */
const landmarks = {
  id: 'landmarks',
  afterDatasetsDraw(chart, _, {places = [], heights = []}) {
    places.forEach((place, index) => drawPlace(chart, place, index));
    heights.forEach((height) => drawHeight(chart, height));
  },
};

function drawPlace(chart, {x, label}, row) {
  const {ctx, chartArea: {left, right, top, bottom}, scales} = chart;
  const pixel = scales.x.getPixelForValue(x);
  if (pixel < left || pixel > right) return;
  drawLandmark(ctx, label, [pixel, top, pixel, bottom], (width) => {
    return [pixel + 6 + width < right ? pixel + 6 : Math.max(left, pixel - 6 - width), top + 6 + 18 * row];
  });
}

function drawHeight({ctx, chartArea: {left, right}, scales}, {y, label}) {
  const pixel = scales.y.getPixelForValue(y);
  drawLandmark(ctx, label, [left, pixel, right, pixel], (width) => [right - 6 - width, pixel + 4]);
}

/** `ends`: x and y of both; `corner`: where the upper left one of a label of that width comes. */
function drawLandmark(ctx, label, [fromX, fromY, toX, toY], corner) {
  ctx.save();
  ctx.strokeStyle = pageColour('soft');
  ctx.setLineDash([6, 4]);
  ctx.beginPath();
  ctx.moveTo(fromX, fromY);
  ctx.lineTo(toX, toY);
  ctx.stroke();
  ctx.font = `12px ${Chart.defaults.font.family}`;
  const width = ctx.measureText(label).width;
  const [left, top] = corner(width);
  ctx.fillStyle = pageColour('card');
  ctx.fillRect(left - 2, top, width + 4, 16);
  ctx.fillStyle = ctx.strokeStyle;
  ctx.fillText(label, left, top + 12);
  ctx.restore();
}

/** Hatches the bars of the rows for which the option `rows` is true. */
const hatching = {
  id: 'hatching',
  afterDatasetsDraw(chart, _, options) {
    chart.data.datasets.forEach((_, index) => chart.getDatasetMeta(index).data.forEach((bar, row) => {
      if (options.rows[row]) drawHatching(chart.ctx, bar);
    }));
  },
};

function drawHatching(ctx, bar) {
  const {x: right, base: left, y: middle, height} = bar.getProps(['x', 'base', 'y', 'height']);
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, middle - height / 2, right - left, height);
  ctx.clip();
  ctx.beginPath();
  for (let x = left - (left % 8) - height; x < right; x += 8) {
    ctx.moveTo(x, middle + height / 2);
    ctx.lineTo(x + height, middle - height / 2);
  }
  ctx.strokeStyle = pageColour('card');
  ctx.lineWidth = 3;
  ctx.stroke();
  ctx.restore();
}
