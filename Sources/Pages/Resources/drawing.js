const color = name => getComputedStyle(section).getPropertyValue(name).trim();
const colorOf = image => color(areColored ? `--line-${image + 1}` : '--line');
const margins = {left: 52, right: 10, top: 10, bottom: 26};
const none = {left: 0, right: 0, top: 0, bottom: 0};

// An empty drawing of the canvas's size on the screen, and where its plot is.
const begin = (canvas, {left, right, top, bottom}) => {
  const {clientWidth, clientHeight} = canvas;
  canvas.width = Math.round(clientWidth * devicePixelRatio);
  canvas.height = Math.round(clientHeight * devicePixelRatio);
  const drawing = canvas.getContext('2d');
  drawing.scale(devicePixelRatio, devicePixelRatio);
  drawing.lineJoin = 'round';
  return {
    drawing, left, top,
    width: clientWidth - left - right,
    height: clientHeight - top - bottom,
  };
};

const xOf = (plot, channel, channels) => plot.left + (channel + 0.5) / channels * plot.width;
const yOf = (plot, height) => plot.top + (1 - height) * plot.height;

const drawLine = (plot, heights, image) => {
  const channels = heights.length / images;
  const {drawing} = plot;
  drawing.beginPath();
  let isDown = false;
  for (let channel = 0; channel < channels; channel++) {
    const height = heights[image * channels + channel];
    const x = xOf(plot, channel, channels);
    const y = yOf(plot, height);
    if (isDown) drawing.lineTo(x, y); else drawing.moveTo(x, y);
    // A line of one channel would not be seen.
    if (channels === 1) drawing.arc(x, y, 2, 0, 7);
    isDown = !Number.isNaN(height);
  }
  drawing.stroke();
};

// At most `count` of the pictures' lines, fainter the more there are.
const drawLines = (plot, heights, count, lineWidth) => {
  const stride = Math.ceil(images / count);
  plot.drawing.lineWidth = lineWidth;
  const lines = images / stride;
  plot.drawing.globalAlpha = areColored ? 0.9 : Math.max(0.08, 1.8 / lines ** 0.6);
  for (let image = 0; image < images; image += stride) {
    plot.drawing.strokeStyle = colorOf(image);
    drawLine(plot, heights, image);
  }
};

// Round values, about `count` of them.
const ticks = (low, high, count) => {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find(factor => factor * power >= rough) * power;
  const first = Math.ceil(low / step);
  const length = Math.floor(high / step) - first + 1;
  return Array.from({length}, (_, n) => (first + n) * step);
};

const drawAxes = (plot, {low, high}, channels) => {
  const {drawing, left, top, width, height} = plot;
  drawing.font = '11px system-ui, sans-serif';
  drawing.fillStyle = color('--quiet');
  drawing.strokeStyle = color('--rule');
  drawing.textAlign = 'right';
  drawing.textBaseline = 'middle';
  for (const tick of ticks(low, high, 4)) {
    const y = yOf(plot, (tick - low) / (high - low));
    drawing.beginPath();
    drawing.moveTo(left, y);
    drawing.lineTo(left + width, y);
    drawing.stroke();
    drawing.fillText(String(Number(tick.toPrecision(6))), left - 8, y);
  }
  drawing.textBaseline = 'top';
  drawing.fillText('channel', left - 8, top + height + 11);
  drawing.textAlign = 'center';
  for (const tick of ticks(0, channels - 1 || 1, width / 60)) {
    if (!Number.isInteger(tick) || tick >= channels) continue;
    drawing.fillText(String(tick), xOf(plot, tick, channels), top + height + 11);
  }
};
