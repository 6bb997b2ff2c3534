// The filter bar: search as one types, and one editor for the filter that is being set; the address is the only state.
import { addressOf, go, pairs } from "./going.js";

const search = document.getElementById("q");
const editor = document.getElementById("filter-editor");
let opener = "";

const moved = (change) => {
  const found = pairs();
  change(found);
  return addressOf(found);
};

// Search: the first letter makes a new place in the history, the next ones only change it.
const ONE_LETTER = /^[a-z]$/i; // no text is found by one Latin letter: the list stays until there are two
let waiting = 0;
let typed = false;
const look = async () => {
  clearTimeout(waiting);
  const url = moved((found) => (search.value.trim() ? found.set("q", search.value) : found.delete("q")));
  await go(url, { replace: typed });
  typed = true;
};
search?.addEventListener("input", () => {
  clearTimeout(waiting);
  if (ONE_LETTER.test(search.value.trim())) return;
  waiting = setTimeout(look, 250);
});
search?.addEventListener("blur", () => (typed = false));
search?.form.addEventListener("submit", (event) => {
  event.preventDefault();
  look();
});

// The editor opens below the chip or the button that asked for it, on a phone at the foot of the page.
const place = (anchor) => {
  if (innerWidth < 640) return editor.removeAttribute("style");
  const box = anchor.getBoundingClientRect();
  const width = editor.offsetWidth;
  const start = document.dir === "rtl" ? box.right - width : box.left;
  editor.style.left = `${Math.max(8, Math.min(start, innerWidth - width - 8))}px`;
  editor.style.top = `${Math.min(box.bottom + 6, Math.max(8, innerHeight - editor.offsetHeight - 8))}px`;
};

const anchorOf = (name) =>
  document.querySelector(`.f-filter-chip [data-filter="${CSS.escape(name)}"]`) || document.querySelector(".f-add-filter");

const fill = async (name, url) => {
  const ready = document.querySelector(`template[data-filter-inputs="${CSS.escape(name)}"]`);
  if (ready) {
    editor.replaceChildren(ready.content.cloneNode(true));
    return true;
  }
  const found = pairs();
  found.set("field", name);
  const answer = await fetch(`${url.split("?")[0]}?${found}`).catch(() => null);
  if (!answer?.ok) return false;
  const read = new DOMParser().parseFromString(await answer.text(), "text/html");
  editor.replaceChildren(...[...read.body.children].map((node) => document.adoptNode(node)));
  editor.dispatchEvent(new CustomEvent("festoon:row", { bubbles: true }));
  return true;
};

const show = async (name, url) => {
  opener = name;
  clearTimeout(waits);
  isAmong = false;
  last = { url: "", done: null };
  if (!(await fill(name, url))) return location.reload();
  editor.showPopover();
  place(anchorOf(name));
  const first = [".ts-control input", "input:checked", ".f-preset[aria-pressed=true]", ".f-preset, input"];
  first.map((kind) => editor.querySelector(kind)).find(Boolean)?.focus();
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-filter]");
  if (!button || editor.contains(button)) return;
  button.closest("details[data-menu]")?.removeAttribute("open");
  show(button.dataset.filter, button.dataset.editor);
});

editor?.addEventListener("toggle", (event) => {
  if (event.newState === "closed" && (document.activeElement === document.body || editor.contains(document.activeElement))) {
    anchorOf(opener)?.focus();
  }
});

// What the inputs hold becomes the part of the address that is this filter's.
const drop = (found, name) => {
  for (const key of [...found.keys()]) if (key === name || key.startsWith(`filter[${name}]`)) found.delete(key);
};
const take = (form, found) => {
  const name = form.dataset.filterForm;
  drop(found, name);
  const many = new Map();
  for (const [key, value] of new FormData(form)) if (value !== "") many.set(key, [...(many.get(key) || []), value]);
  const empty = many.get(`filter[${name}][null]`);
  if (empty) {
    found.set(`filter[${name}][null]`, empty.at(-1));
    if (empty.at(-1) === "true") return;
  }
  for (const [key, values] of many) {
    if (key.endsWith("[null]")) continue;
    const all = values.flatMap((value) => (key.endsWith("[in]") ? value.split(",") : value));
    if (key.endsWith("[in]") && all.length === 1) found.set(key.slice(0, -4), all[0]);
    else found.set(key, all.join(","));
  }
};

let waits = 0; // a number that is being typed is applied after a short pause
let isAmong = false; // the numbers typed one after the other are one place in the history
let last = { url: "", done: null };
const ask = async (url, replace) => {
  const refused = await go(url, { replace });
  const error = editor.querySelector("[data-filter-error]");
  if (error) {
    error.hidden = !refused;
    error.querySelector("span").textContent = refused;
  }
  const clear = editor.querySelector("[data-filter-clear]");
  if (clear) clear.hidden = !document.querySelector(`.f-filter-chip [data-filter="${CSS.escape(opener)}"]`);
  return !refused;
};
const apply = (change, replace = false) => {
  clearTimeout(waits);
  const url = moved(change);
  if (url !== last.url) last = { url, done: ask(url, replace) }; // what a pause applied, Enter and leaving need not
  return last.done;
};

const NUMBER = "[type=number], [inputmode=decimal]";
editor?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches(NUMBER)) return;
  event.preventDefault(); // a form of two inputs without a button is not sent by it
  event.target.form.requestSubmit();
});
editor?.addEventListener("input", (event) => {
  if (!event.target.matches(NUMBER)) return;
  clearTimeout(waits);
  waits = setTimeout(() => {
    if (!event.target.isConnected) return;
    apply((found) => take(event.target.form, found), isAmong);
    isAmong = true;
  }, 400);
});
editor?.addEventListener("change", (event) => {
  const form = event.target.closest("form");
  if (!form || event.target.closest(".ts-wrapper")) return;
  for (const other of form.querySelectorAll('input[name$="[null]"]')) {
    if (other !== event.target && event.target.name.endsWith("[null]")) other.checked = false;
  }
  for (const preset of form.querySelectorAll(".f-preset")) preset.setAttribute("aria-pressed", "false");
  apply((found) => take(form, found), isAmong);
  isAmong = false;
});
editor?.addEventListener("input", (event) => {
  if (event.target.matches(".tomselected")) apply((found) => take(event.target.form, found));
});
editor?.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (await apply((found) => take(event.target, found))) editor.hidePopover();
});
editor?.addEventListener("click", async (event) => {
  const form = event.target.closest("form");
  const preset = event.target.closest(".f-preset");
  if (preset) {
    const name = form.dataset.filterForm;
    await apply((found) => {
      drop(found, name);
      if (preset.getAttribute("aria-pressed") === "true") return;
      found.set(`filter[${name}][gte]`, preset.dataset.low);
      found.set(`filter[${name}][lte]`, preset.dataset.high);
    });
    const label = preset.textContent;
    await fill(name, `${location.pathname}filter`);
    [...editor.querySelectorAll(".f-preset")].find((other) => other.textContent === label)?.focus();
  } else if (event.target.closest("[data-filter-clear]")) {
    editor.hidePopover();
    await apply((found) => drop(found, form.dataset.filterForm));
    document.querySelector(".f-add-filter")?.focus();
  }
});
addEventListener("popstate", () => (last = { url: "", done: null }));

// Jump to a date.
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-near]")) return;
  event.target.closest("details")?.removeAttribute("open");
  go(moved((found) => event.target.value && found.set("near", event.target.value)));
});
