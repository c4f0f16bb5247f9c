// Sliders
const isSlider = element => element.matches('.compare > input');
const moveTo = (slider, value) => {
  slider.value = value;
  const percent = Number(slider.value);
  slider.parentElement.style.setProperty('--at', percent);
  slider.setAttribute('aria-valuetext', `${Math.round(percent)} % before`);
};

document.addEventListener('input', ({target}) => {
  if (isSlider(target)) moveTo(target, target.value);
});

// Some touch screens move a slider by its thumb only: here it is the whole picture.
const follow = ({target, clientX}) => {
  const {left, width} = target.getBoundingClientRect();
  moveTo(target, 100 * (clientX - left) / width);
};
document.addEventListener('pointermove', event => {
  if (event.pointerType === 'touch' && isSlider(event.target)) follow(event);
});
document.addEventListener('click', event => {
  if (event.detail && isSlider(event.target)) follow(event);
});

// The number of pictures is known at the end, and wanted at the start.
const tally = document.querySelector('.tally');
tally?.parentElement.querySelector('h2').after(tally);

// Sheets
for (const sheet of document.querySelectorAll('button.sheet')) {
  sheet.addEventListener('click', () => {
    const dialog = sheet.nextElementSibling;
    dialog.querySelector('img').src = sheet.querySelector('img').src;
    dialog.onclick = () => dialog.close();
    dialog.showModal();
  });
}
