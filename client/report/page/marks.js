// What Chart.js does not draw by itself: the spread over repeats, and lines that mark a place on the axis.

/** A whisker from the lowest to the highest repeat of each point that has them. */
const whiskers = {
  id: 'whiskers',
  afterDatasetsDraw(chart) {
    chart.data.datasets.forEach((dataset, index) => {
      const points = chart.getDatasetMeta(index).data;
      dataset.data.forEach((datum, place) => {
        if (datum.spread && datum.spread.min < datum.spread.max)
          drawWhisker(chart, dataset.borderColor, points[place], datum.spread);
      });
    });
  },
};

function drawWhisker(chart, colour, point, spread) {
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

/** A labelled line at each `{ x, label }` of the option `places`. */
const landmarks = {
  id: 'landmarks',
  afterDatasetsDraw(
      chart, _, options) { (options.places ?? []).forEach((place, index) => drawLandmark(chart, place, index)); },
};

function drawLandmark(chart, {x, label}, row) {
  const {ctx, chartArea, scales} = chart;
  const pixel = scales.x.getPixelForValue(x);
  if (pixel < chartArea.left || pixel > chartArea.right) return;
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = pageColour('soft');
  ctx.setLineDash([6, 4]);
  ctx.beginPath();
  ctx.moveTo(pixel, chartArea.top);
  ctx.lineTo(pixel, chartArea.bottom);
  ctx.stroke();
  ctx.font = `12px ${Chart.defaults.font.family}`;
  const width = ctx.measureText(label).width;
  const left = pixel + 6 + width < chartArea.right ? pixel + 6 : pixel - 6 - width;
  const top = chartArea.top + 6 + 18 * row;
  ctx.fillStyle = pageColour('card');
  ctx.fillRect(left - 2, top, width + 4, 16);
  ctx.fillStyle = ctx.strokeStyle;
  ctx.fillText(label, left, top + 12);
  ctx.restore();
}
