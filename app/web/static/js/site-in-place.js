// The sample site for staff: its texts are asked for how they stand, and translated where they are.
import { inPlace } from "./in-place.js";

const root = document.documentElement;
const drawer = document.getElementById("in-place");
const bar = document.querySelector(".ip-bar");
const told = bar.querySelector("[data-in-place-told]");
const host = inPlace({
  doc: document,
  drawer,
  locale: () => root.lang,
  words: drawer.dataset.words,
  phone: () => `/site/?translate=${encodeURIComponent(root.lang)}&still=1`,
});
let before = "";

const dress = async () => {
  const sentence = root.lang === "en" ? bar.dataset.none : bar.dataset.some;
  if (told.textContent !== sentence) told.textContent = sentence;
  if (before && before !== root.lang) {
    host.close();
    host.forget();
  }
  before = root.lang;
  if (root.lang === "en") return;
  const fresh = [...document.querySelectorAll("[data-text]:not([data-asked])")];
  if (!fresh.length) return;
  for (const one of fresh) one.dataset.asked = "yes";
  const owners = [...new Set(fresh.map((one) => one.dataset.text.split("/")[2]))];
  const answer = await fetch(`/site/texts?lang=${encodeURIComponent(root.lang)}&owners=${owners.join()}`).catch(() => null);
  if (!answer?.ok) return;
  const states = await answer.json();
  for (const one of fresh) {
    if (!(one.dataset.text in states)) continue;
    Object.assign(one.dataset, states[one.dataset.text]);
    host.dress(one);
  }
};
let waiting = 0;
new MutationObserver(() => {
  clearTimeout(waiting);
  waiting = setTimeout(dress, 60);
}).observe(root, { childList: true, subtree: true, attributes: true, attributeFilter: ["lang"] });
document.addEventListener("close", () => host.close(), true);
dress();
