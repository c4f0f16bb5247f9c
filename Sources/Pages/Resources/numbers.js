const section = document.getElementById('statistics');
const all = selector => [...section.querySelectorAll(selector)];
const images = Number(section.dataset.images);
const areColored = section.dataset.colored === '1';
const views = all('[name=view]');
const layers = all('[name=layer]');
const blocks = document.querySelectorAll('.numbers');
const quantities = ['mean', 'deviation'];

const once = make => {
  const made = new Map();
  return key => {
    if (!made.has(key)) made.set(key, make(key));
    return made.get(key);
  };
};

// A layer's values by view and quantity, [image * channels + channel].
const valuesOf = once(layer => {
  const channels = Number(layers[layer].dataset.channels);
  const bytes = Uint8Array.from(atob(blocks[layer].textContent), c => c.charCodeAt(0));
  const heads = new DataView(bytes.buffer);
  let head = 0;
  let level = 8 * channels * quantities.length * views.length;
  return views.map(() => quantities.map(() => {
    const values = new Float32Array(images * channels);
    for (let channel = 0; channel < channels; channel++, head += 8) {
      const low = heads.getFloat32(head, true);
      const step = heads.getFloat32(head + 4, true);
      for (let image = 0; image < images; image++) {
        const steps = step ? bytes[level++] : 0;
        values[image * channels + channel] = steps === 255 ? NaN : low + steps * step;
      }
    }
    return values;
  }));
});

// The axes by view and quantity: the same for all views, but for those that have their own.
const axesOf = once(layer => {
  const values = valuesOf(layer);
  const hasOwn = view => views[view].dataset.ownAxes === '1';
  const axis = (sharing, quantity) => {
    let low = quantity ? 0 : Infinity;
    let high = quantity ? 0 : -Infinity;
    for (const view of sharing) for (const value of values[view][quantity]) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (!(high >= low)) return {low: 0, high: 1};
    const margin = (high - low) * 0.04 || Math.abs(high) * 0.1 || 1;
    return {low: quantity ? low : low - margin, high: high + margin};
  };
  const shared = [...views.keys()].filter(view => !hasOwn(view));
  const common = quantities.map((_, quantity) => axis(shared, quantity));
  return views.map((_, view) =>
    hasOwn(view) ? quantities.map((_, quantity) => axis([view], quantity)) : common);
});

// The values as heights on their axes, 0 at the bottom to 1 at the top.
const heightsOf = once(layer => valuesOf(layer).map((view, index) =>
  view.map((values, quantity) => {
    const {low, high} = axesOf(layer)[index][quantity];
    return values.map(value => (value - low) / (high - low));
  })));
