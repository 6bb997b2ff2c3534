// The focal point: a dot on the picture that is dragged, clicked to, or moved by the arrow keys; two numbers say the same.
const box = document.querySelector("[data-focal]");
const form = document.querySelector("[data-form]");
const inputs = ["focal_x", "focal_y"].map((name) => form?.querySelector(`[name=${name}]`)).filter(Boolean);
const stage = box.querySelector("[data-stage]");
const dot = box.querySelector("[data-dot]");
const picture = stage.querySelector("img");
const crops = [...box.querySelectorAll(".f-focal-crop img")];

const bounded = (value) => Math.min(100, Math.max(0, Math.round(value)));
const numbers = () => (inputs.length < 2 ? [box.dataset.x, box.dataset.y].map(Number) : inputs.map((input) => (input.value.trim() === "" ? 50 : bounded(Number(input.value) || 0))));

// Where the crop lies that has the point as near to its middle as the edges let it, as CSS positions a covering picture.
const position = (share, whole, part) => {
  const room = whole - part;
  return room < 0.5 ? 50 : (100 * Math.min(room, Math.max(0, share * whole - part / 2))) / room;
};

const show = () => {
  const [x, y] = numbers();
  if (dot) Object.assign(dot.style, { left: `${x}%`, top: `${y}%` });
  const { naturalWidth: width, naturalHeight: height } = picture;
  if (!width) return;
  for (const crop of crops) {
    const { clientWidth, clientHeight } = crop.parentElement;
    const scale = Math.max(clientWidth / width, clientHeight / height);
    const left = position(x / 100, width * scale, clientWidth);
    const top = position(y / 100, height * scale, clientHeight);
    crop.style.objectPosition = `${left}% ${top}%`;
  }
};

const set = (x, y) => {
  [x, y].forEach((value, n) => (inputs[n].value = bounded(value)));
  form.dispatchEvent(new Event("festoon:changed"));
  show();
};

document.querySelector(".f-head").after(box);
for (const input of inputs) {
  Object.assign(input, { min: 0, max: 100, step: 1 });
  input.addEventListener("input", show);
}
picture.addEventListener("load", show);
addEventListener("resize", show);
show();

if (dot) {
  dot.hidden = false;
  const follow = (event) => {
    const around = stage.getBoundingClientRect();
    set((100 * (event.clientX - around.left)) / around.width, (100 * (event.clientY - around.top)) / around.height);
  };
  stage.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    stage.setPointerCapture(event.pointerId);
    dot.focus({ preventScroll: true });
    follow(event);
  });
  stage.addEventListener("pointermove", (event) => stage.hasPointerCapture(event.pointerId) && follow(event));
  const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  dot.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    const [x, y] = numbers();
    const far = event.shiftKey ? 10 : 1;
    set(x + far * step[0], y + far * step[1]);
  });
}
