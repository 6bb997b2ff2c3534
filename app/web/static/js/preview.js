// The preview of a record: as wide as a desk or a phone, light or dark; its texts are translated in their places.
import { inPlace } from "./in-place.js";

const frame = document.querySelector("[data-frame]");
const stage = document.querySelector("[data-stage]");
const drawer = document.getElementById("in-place");
const toDo = document.querySelector("[data-to-do]");
let host = null;

const address = (more = {}) => {
  const url = new URL(frame.src);
  url.searchParams.set("theme", theme);
  for (const [name, value] of Object.entries(more)) url.searchParams.set(name, value);
  return url.href;
};
let theme = document.documentElement.getAttribute("data-bs-theme") === "dark" ? "dark" : "light";

const count = () => {
  if (!toDo) return;
  const states = host ? new Map(host.all().map((one) => [one.dataset.text, one.dataset.state])) : null;
  const left = states ? [...states.values()].filter((state) => state !== "approved").length : Number(toDo.dataset.toDo);
  toDo.textContent = left ? toDo.dataset.some.replace("{count}", left) : toDo.dataset.none;
};

const dress = () => {
  const doc = frame.contentDocument;
  if (!doc?.body) return;
  doc.documentElement.dataset.theme = theme;
  doc.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && host?.isOpen()) host.close();
  });
  if (!drawer || doc.documentElement.dataset.dressed) return;
  doc.documentElement.dataset.dressed = "yes";
  host = inPlace({
    doc,
    drawer,
    locale: () => drawer.dataset.inPlace,
    words: stage.dataset.translate,
    phone: () => address(),
    onSaved: count,
  });
  doc.querySelectorAll("[data-text]").forEach(host.dress);
  stage.dataset.ready = "yes";
  count();
};
frame.addEventListener("load", dress);
if (frame.contentDocument?.readyState === "complete" && frame.contentDocument.body?.firstElementChild) dress();

const press = (buttons, chosen) => {
  for (const button of buttons) button.setAttribute("aria-pressed", String(button === chosen));
};
const widths = [...document.querySelectorAll("[data-width]")];
for (const button of widths) {
  button.addEventListener("click", () => {
    press(widths, button);
    frame.style.width = button.dataset.width ? `${button.dataset.width}px` : "";
  });
}
const themes = [...document.querySelectorAll("[data-frame-theme]")];
const paint = () => {
  const root = frame.contentDocument?.documentElement;
  if (root) root.dataset.theme = theme;
  press(themes, themes.find((button) => button.dataset.frameTheme === theme));
};
for (const button of themes) {
  button.addEventListener("click", () => {
    theme = button.dataset.frameTheme;
    paint();
  });
}
paint();
count();
document.querySelector("[data-language]")?.addEventListener("change", (event) => event.target.form.requestSubmit());
