// Keys: those that the page offers, those that go to a screen, and the sheet that lists them.
import { goOn, standInForm } from "./neighbours.js";

const root = document.documentElement;
const sheet = document.getElementById("keys");
const WAIT = 1200;
let first = "";
let timer = 0;
const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

const isTyping = (target) =>
  target.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]:not([contenteditable=false])");
const isOff = () => root.dataset.shortcuts === "off";
const isShown = (element) => Boolean(element.offsetParent) || element.getClientRects().length > 0;
const find = (key) => {
  const all = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].filter((element) => !element.disabled);
  return all.find(isShown) || all.find((element) => element.matches("a[href]"));
};

// Rows that are no table's: a table's own script walks those.
const walk = (step) => {
  const rows = [...document.querySelectorAll("#rows [data-row]")];
  if (!rows.length) return goOn(step);
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[at < 0 ? 0 : Math.min(Math.max(at + step, 0), rows.length - 1)];
  next.querySelector("a, button, input")?.focus();
  return true;
};

const press = (key) => {
  if (key === "?") return openSheet();
  if (key === "[") return document.querySelector("[data-side-toggle]")?.click() ?? true;
  if (key === "j" || key === "k") return walk(key === "j" ? 1 : -1);
  const target = find(key);
  if (!target) return false;
  if (target.matches("input, textarea")) {
    target.focus();
    target.select?.();
  } else {
    if (key === "e") standInForm();
    target.click();
  }
  return true;
};

// A grid takes what is typed into its cells.
const isOurs = (event) =>
  !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing && !isOff() && !isTyping(event.target) &&
  !event.target.closest?.("[role=grid], [role=menu]") && !document.querySelector("dialog[open]");

// g and a letter are taken before a screen's own keys: the letter means one thing then.
document.addEventListener(
  "keydown",
  (event) => {
    if (!isOurs(event) || ["Shift", "CapsLock"].includes(event.key)) return;
    if (first) {
      const both = `${first} ${event.key.toLowerCase()}`;
      first = "";
      clearTimeout(timer);
      if (!find(both)) return;
      press(both);
    } else if (event.key === "g" && document.querySelector('[data-key^="g "]')) {
      first = "g";
      timer = setTimeout(() => (first = ""), WAIT);
    } else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  true,
);
document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || !isOurs(event)) return;
  if (press(event.key) !== false) event.preventDefault();
});

// The sheet tells what this very page offers.
const wordsOf = (element) =>
  element.dataset.keyWords || element.getAttribute("aria-label") || element.title || element.placeholder || element.textContent.trim();
const line = (key, words) => {
  const row = document.createElement("div");
  const keys = document.createElement("dt");
  const said = document.createElement("dd");
  for (const part of key.split(" ")) {
    const cap = document.createElement("kbd");
    cap.textContent = part.length === 1 ? part.toUpperCase() : part;
    keys.append(cap, " ");
  }
  said.textContent = words;
  row.dataset.made = "";
  row.append(keys, said);
  return row;
};

// It is fetched when it is wished for first; a page's own lines come before those that every page has.
const fillSheet = async () => {
  const own = sheet.querySelector("template").content;
  const answer = await fetch(sheet.dataset.src, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok || answer.redirected || sheet.open) return false;
  sheet.innerHTML = await answer.text();
  sheet.querySelector("[data-keys-here]").prepend(own);
  if (isMac) for (const key of sheet.querySelectorAll("[data-command]")) key.textContent = `\u2318 ${key.dataset.command}`;
  return true;
};

function openSheet() {
  if (sheet && !sheet.open) showSheet();
  return true;
}

async function showSheet() {
  if (sheet.querySelector("template") && !(await fillSheet())) return;
  for (const made of sheet.querySelectorAll("[data-made]")) made.remove();
  for (const known of sheet.querySelectorAll("[data-needs]")) known.hidden = !document.querySelector(known.dataset.needs);
  const [here, goes] = [sheet.querySelector("[data-keys-here]"), sheet.querySelector("[data-keys-goes]")];
  const told = new Set();
  for (const element of document.querySelectorAll("[data-key]")) {
    const key = element.dataset.key;
    if (told.has(key) || sheet.contains(element) || find(key) !== element) continue;
    told.add(key);
    (key.startsWith("g ") ? goes : here).append(line(key, wordsOf(element)));
  }
  for (const part of [here, goes]) part.hidden = ![...part.children].some((row) => !row.hidden);
  sheet.classList.toggle("is-off", isOff());
  sheet.showModal();
}
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-opens=keys]")) return;
  event.stopImmediatePropagation();
  event.target.closest("details[data-menu]")?.removeAttribute("open");
  openSheet();
}, true);
