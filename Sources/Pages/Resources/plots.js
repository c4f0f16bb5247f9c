const stage = section.querySelector('.plots');
const output = section.querySelector('output');
const highlight = section.querySelector('#highlight');
const axisCanvases = all('.plots .axes');
const lineCanvases = all('.plots .lines');
const pointCanvases = all('.plots .pointer');
const names = [...highlight.options].slice(1).map(option => option.textContent);
const chosen = inputs => inputs.findIndex(input => input.checked);
const calm = matchMedia('(prefers-reduced-motion: reduce)');

let channel = -1;
let pointed = -1;
let heights;

const highlighted = () => highlight.selectedIndex - 1;
const shown = () => pointed < 0 ? highlighted() : pointed;
const channels = () => Number(layers[chosen(layers)].dataset.channels);
// The heights drawn: for a while, those on the way from one view's to another's.
const drawn = () => heights ??= heightsOf(chosen(layers))[chosen(views)];

const drawPlots = () => lineCanvases.forEach((canvas, quantity) => {
  const axis = axesOf(chosen(layers))[chosen(views)][quantity];
  drawAxes(begin(axisCanvases[quantity], margins), axis, channels());
  drawLines(begin(canvas, margins), drawn()[quantity], images, areColored ? 1.5 : 1);
});

// The line of the picture shown, and the point that is read.
const drawPointer = () => pointCanvases.forEach((canvas, quantity) => {
  const plot = begin(canvas, margins);
  const {drawing, top, height} = plot;
  const values = drawn()[quantity];
  const image = shown();
  stage.classList.toggle('has-highlight', image >= 0);
  const x = xOf(plot, channel, channels());
  if (channel >= 0) {
    drawing.strokeStyle = color('--quiet');
    drawing.beginPath();
    drawing.moveTo(x, top);
    drawing.lineTo(x, top + height);
    drawing.stroke();
  }
  if (image < 0) return;
  drawing.strokeStyle = drawing.fillStyle = areColored ? colorOf(image) : color('--accent');
  drawing.lineWidth = 2;
  drawLine(plot, values, image);
  if (channel < 0) return;
  drawing.beginPath();
  drawing.arc(x, yOf(plot, values[image * channels() + channel]), 4, 0, 7);
  drawing.fill();
});

const read = () => {
  const image = shown();
  output.replaceChildren();
  if (image < 0) return;
  const name = document.createElement('bdi');
  name.textContent = names[image];
  output.append(name);
  if (channel < 0) return;
  const values = valuesOf(chosen(layers))[chosen(views)];
  const words = quantities.map((quantity, index) =>
    `${quantity} ${Number(values[index][image * channels() + channel].toPrecision(3))}`);
  output.append(`, channel ${channel}: ${words.join(', ')}`);
};

const point = () => { drawPointer(); read(); };

const drawAll = () => {
  drawPlots();
  point();
};

// Lines glide from one view to the next, where there are few enough and motion is welcome.
let turn = 0;
const glide = () => {
  const mine = ++turn;
  const from = heights;
  const to = heightsOf(chosen(layers))[chosen(views)];
  const start = performance.now();
  const frame = now => {
    if (mine !== turn) return;
    const share = Math.min(Math.max((now - start) / 450, 0), 1);
    const eased = share * share * (3 - 2 * share);
    heights = share === 1 ? to : to.map((values, quantity) =>
      values.map((value, n) => from[quantity][n] + (value - from[quantity][n]) * eased));
    drawPlots();
    drawPointer();
    if (share < 1) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  read();
};

// The small plots, one a layer: the mean above the deviation. Drawn once they are seen.
const seen = new Set();
const drawSmall = layer => {
  const plot = begin(layers[layer].parentElement.querySelector('canvas'), none);
  const height = plot.height / 2 - 3;
  heightsOf(layer)[chosen(views)].forEach((values, quantity) => {
    const half = {...plot, height, top: quantity * (height + 6)};
    drawLines(half, values, 60, 0.75);
  });
};
const drawSeen = () => seen.forEach(drawSmall);
const watcher = new IntersectionObserver(entries => {
  for (const {target, isIntersecting} of entries) {
    const layer = layers.indexOf(target.querySelector('input'));
    if (!isIntersecting) seen.delete(layer);
    else if (!seen.has(layer)) { seen.add(layer); drawSmall(layer); }
  }
});

const tellChoice = () => {
  const layer = layers[chosen(layers)];
  const [name, before] = [layer.nextElementSibling.textContent, layer.dataset.convolution];
  section.querySelector('#layer-name').textContent =
    `${name}, after ${before}: ${channels()} channels`;
  const hasOwnAxes = views[chosen(views)].dataset.ownAxes === '1';
  for (const note of all('.plot p span')) note.hidden = !hasOwnAxes;
};
const drawAnew = () => {
  turn += 1;
  heights = null;
  drawAll();
};
const chooseLayer = () => {
  channel = Math.min(channel, channels() - 1);
  tellChoice();
  drawAnew();
};
const chooseView = () => {
  tellChoice();
  if (calm.matches || images > 60 || !heights) drawAnew(); else glide();
  drawSeen();
};
layers.forEach(input => input.addEventListener('change', chooseLayer));
views.forEach(input => input.addEventListener('change', chooseView));
highlight.addEventListener('change', point);

const pointAt = ({clientX, clientY}) => {
  const canvas = pointCanvases.find(canvas => clientY < canvas.getBoundingClientRect().bottom)
    ?? pointCanvases.at(-1);
  const {left, top, width, height} = canvas.getBoundingClientRect();
  const plotWidth = width - margins.left - margins.right;
  const plotHeight = height - margins.top - margins.bottom;
  const across = (clientX - left - margins.left) / plotWidth;
  channel = Math.min(Math.max(Math.floor(across * channels()), 0), channels() - 1);
  const aim = 1 - (clientY - top - margins.top) / plotHeight;
  const values = drawn()[pointCanvases.indexOf(canvas)];
  let least = Infinity;
  pointed = -1;
  for (let image = 0; image < images; image++) {
    const distance = Math.abs(values[image * channels() + channel] - aim);
    if (distance < least) { least = distance; pointed = image; }
  }
  point();
};
stage.addEventListener('pointermove', pointAt);
stage.addEventListener('pointerleave', () => { pointed = -1; point(); });
// A click keeps the line that is read: its own place is rounded to whole pixels.
stage.addEventListener('click', event => {
  if (pointed < 0) pointAt(event);
  highlight.selectedIndex = pointed === highlighted() ? 0 : pointed + 1;
  point();
});

const keys = {
  ArrowLeft: () => { channel = Math.max(channel - 1, 0); },
  ArrowRight: () => { channel = Math.min(channel + 1, channels() - 1); },
  ArrowUp: () => { highlight.selectedIndex = Math.max(highlight.selectedIndex - 1, 1); },
  ArrowDown: () => {
    highlight.selectedIndex = Math.min(highlight.selectedIndex + 1, images);
  },
  Home: () => { channel = 0; },
  End: () => { channel = channels() - 1; },
  Escape: () => { highlight.selectedIndex = 0; channel = -1; },
};
const startAtFirst = () => {
  highlight.selectedIndex = Math.max(highlight.selectedIndex, 1);
  channel = Math.max(channel, 0);
};
stage.addEventListener('keydown', event => {
  if (!keys[event.key] || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  pointed = -1;
  keys[event.key]();
  if (event.key !== 'Escape') startAtFirst();
  point();
});

// Plots are drawn once one comes near them, and again at another size and in other colours.
new IntersectionObserver(([{isIntersecting}], waiting) => {
  if (!isIntersecting) return;
  waiting.disconnect();
  new ResizeObserver(() => { drawAll(); drawSeen(); }).observe(stage);
  for (const layer of layers) watcher.observe(layer.parentElement);
}, {rootMargin: '400px'}).observe(section);
for (const medium of ['(prefers-color-scheme: dark)', 'print']) {
  matchMedia(medium).addEventListener('change', () => { drawAll(); drawSeen(); });
}
tellChoice();
